/** What a compiler says of a program that uses camlab, installed in a folder; one text for each way of compiling it. */
export function typeErrors(folder: string, tsc: string): string[];
