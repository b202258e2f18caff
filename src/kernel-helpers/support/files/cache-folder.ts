import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where camlab keeps things of one kind that it can make again: below the given folder, else below `$CAMLAB_CACHE`, else
 * below the user's cache folder (Linux: `~/.cache/camlab`; macOS: `~/Library/Caches/camlab`; Windows:
 * `%LOCALAPPDATA%\camlab`).
 *
 * @example
 * cacheFolder("features"); // "/home/ada/.cache/camlab/features"
 */
export function cacheFolder(kind: "features" | "world" | "compiled" | "optimised", folder?: string): string {
  return join(folder || process.env.CAMLAB_CACHE || join(userCacheFolder(), "camlab"), kind);
}

/** The folder in which programs of this user may keep what can be fetched again. */
export function userCacheFolder(): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return process.env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}
