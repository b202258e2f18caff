import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const path = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** Why tests in a browser are skipped; false when there is one. On continuous integration nothing is skipped. */
export const noChromium: string | false = path || process.env.CI ? false : "no chromium in PATH";

/** A headless browser with a profile of its own. */
export async function openChromium(): Promise<Browser> {
  if (!path) throw new Error(`none of ${NAMES.join(", ")} is in PATH: install chromium`);
  return chromium.launch({
    executablePath: path,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
