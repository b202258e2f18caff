import { join } from "node:path";
import { userCacheFolder } from "../../support/files/cache-folder.js";

/** Where pulled networks lie, one folder a network: a folder that `openNetwork` looks names up in. */
export function zooFolder(folder?: string): string {
  return folder ?? join(userCacheFolder(), "camlab", "models");
}
