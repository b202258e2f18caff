export declare const FOLDER_ORDER: readonly string[];
export declare function folderOf(file: string, root?: string): string | undefined;
export declare function forbiddenImport(file: string, target: string, root?: string): string | undefined;
