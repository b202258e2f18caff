import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

/**
 * A Chromium-like browser on this machine: `$CAMLAB_BROWSER`, the PATH, then the usual places.
 *
 * @returns the program's path, or undefined
 * @example
 * findBrowser() ?? "none: apt-get install chromium";
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [
    ...(env.CAMLAB_BROWSER ? [env.CAMLAB_BROWSER] : []),
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name + suffix))),
    ...usualPlaces(env),
  ];
  return candidates.find((path) => existsSync(path));
}

function usualPlaces(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform !== "win32") return [];
  const roots = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA].filter((root) => root !== undefined);
  return roots.flatMap((root) => [
    join(root, "Google/Chrome/Application/chrome.exe"),
    join(root, "Microsoft/Edge/Application/msedge.exe"),
  ]);
}
