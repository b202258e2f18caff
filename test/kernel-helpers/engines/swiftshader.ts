import { execFileSync } from "node:child_process";
import { existsSync, realpathSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/**
 * Environment variables under which Vulkan is SwiftShader, the software driver inside Chromium; undefined when no
 * Chromium with it is installed.
 */
export function swiftShaderEnvironment(): Record<string, string> | undefined {
  const folder = chromiumFolders().find((candidate) => existsSync(join(candidate, "vk_swiftshader_icd.json")));
  if (folder === undefined) return undefined;
  const driver = join(folder, "vk_swiftshader_icd.json");
  // The folder holds a Vulkan loader too, for machines that have none; the system's comes first where there is one.
  const libraries = [process.env.LD_LIBRARY_PATH, folder].filter(Boolean).join(delimiter);
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: libraries };
}

function chromiumFolders(): string[] {
  const onPath = ["chromium", "chromium-browser", "google-chrome", "chrome"]
    .flatMap(locate)
    .map((file) => dirname(file));
  const common = ["/usr/lib/chromium", "/usr/lib64/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];
  const cache = join(homedir(), ".cache/ms-playwright");
  const playwright = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name, "chrome-linux")) : [];
  return [...onPath, ...common, ...playwright];
}

function locate(command: string): string[] {
  try {
    return [realpathSync(execFileSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).trim())];
  } catch {
    return [];
  }
}
