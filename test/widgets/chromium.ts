import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

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

/** A browser and a folder of their own for the tests of this `describe`, there while they run. */
export function browserWithFolder(): { readonly browser: Browser; readonly folder: string } {
  const open: { browser?: Browser; folder?: string } = {};
  before(async () => {
    open.folder = await mkdtemp(join(tmpdir(), "camlab-browser-"));
    open.browser = await openChromium();
  });
  after(async () => {
    await open.browser?.close();
    if (open.folder !== undefined) await rm(open.folder, { recursive: true, force: true });
  });
  return {
    get browser() {
      return open.browser!;
    },
    get folder() {
      return open.folder!;
    },
  };
}

/** A page from the disk, in a window of its own, and what it complains of: on the console, or by an error. */
export async function openPage(
  { browser, folder }: { readonly browser: Browser; readonly folder: string },
  html: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const file = join(folder, `page-${pages++}.html`);
  await writeFile(file, html);
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints };
}

let pages = 0;

/** What axe-core finds seriously wrong with a page for people who use it without a mouse, or without seeing it. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  type Violation = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] };
  const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run(document)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
}
