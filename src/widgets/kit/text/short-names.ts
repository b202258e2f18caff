import { readableName } from "../../../kernel-helpers/images/files/readable-name.js";

/**
 * What files are called where they stand side by side: their names without their folders, and with as many of these as
 * tell namesakes apart.
 *
 * @example
 * shortNames(["a/kitchen/1.jpg", "a/bedroom/1.jpg", "a/2.jpg"]); // ["kitchen/1.jpg", "bedroom/1.jpg", "2.jpg"]
 */
export function shortNames(files: readonly string[]): string[] {
  const parts = files.map((file) => file.split(/[\\/]/).filter((part) => part !== ""));
  const names = parts.map((each) => each.slice(-1));
  for (let depth = 2; depth <= Math.max(...parts.map((each) => each.length)); depth++) {
    const files = new Map<string, Set<string>>();
    const key = (i: number) => names[i].join("/");
    names.forEach((_, i) => files.set(key(i), (files.get(key(i)) ?? new Set()).add(parts[i].join("/"))));
    const shared = names.map((_, i) => files.get(key(i))!.size > 1);
    if (!shared.includes(true)) break;
    shared.forEach((isShared, i) => {
      if (isShared) names[i] = parts[i].slice(-depth);
    });
  }
  return names.map((each, i) => readableName(each.join("/") || files[i]));
}
