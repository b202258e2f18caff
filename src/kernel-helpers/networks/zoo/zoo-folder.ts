import { join } from "node:path";
import { userCacheFolder } from "../../support/files/cache-folder.js";

/** Where pulled networks lie, one folder a network: a folder that `openNetwork` looks names up in. */
export function zooFolder(folder?: string): string {
  return folder ?? join(userCacheFolder(), "camlab", "models");
}

/** Whether a pulled network may be called so: its folder lies in that folder and nowhere else. */
export function isZooName(name: string): boolean {
  return /^[\w.+-]+$/.test(name) && !/^\.+$/.test(name);
}
