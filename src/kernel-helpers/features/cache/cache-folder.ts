import { join } from "node:path";
import { userCacheFolder } from "../../networks/network-folders.js";

/**
 * The folder that features are kept in: below the given one, else below `$CAMLAB_CACHE`, else below the user's cache
 * folder (Linux: `~/.cache/camlab`; macOS: `~/Library/Caches/camlab`; Windows: `%LOCALAPPDATA%\camlab`).
 *
 * @example
 * featureCacheFolder(); // "/home/ada/.cache/camlab/features"
 */
export function featureCacheFolder(folder?: string): string {
  return join(folder ?? (process.env.CAMLAB_CACHE || join(userCacheFolder(), "camlab")), "features");
}
