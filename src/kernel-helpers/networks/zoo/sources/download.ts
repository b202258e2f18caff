import { existsSync } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { CamlabError, messageOf } from "../../../support/errors.js";
import { sha256OfFile } from "../../../support/hash.js";
import { type OnProgress, tellProgress } from "../../../support/progress.js";

/** How a file is fetched. */
export interface DownloadOptions {
  /** SHA-256 in hexadecimal, or how it begins. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  /** Told of kilobytes. */
  readonly onProgress?: OnProgress;
  /** Milliseconds before the second try; each further one waits twice as long. 500 unless given. */
  readonly pause?: number;
}

/** Tries without a single new byte, after which the way is given up. */
const TRIES = 5;
const LARGEST = 8 * 2 ** 30;

/**
 * Fetches a file over HTTP. What is there of it stays when the connection is cut, and is gone on with: at once, a few
 * times, and by the next call. Redirects are followed.
 *
 * @param path where the file shall lie; beside it, `.part` and `.part.json` hold what is not whole yet
 * @throws CamlabError when the address cannot be reached or has no such file, or the file is not the one that is meant;
 *   the signal's reason when aborted
 */
export async function downloadFile(address: string, path: string, options: DownloadOptions = {}): Promise<void> {
  const { sha256, signal, pause = 500 } = options;
  if (existsSync(path) && (await isRight(path, sha256))) return;
  const part = `${path}.part`;
  let [tries, last] = [0, -1];
  for (;;) {
    signal?.throwIfAborted();
    try {
      await fetchRest(address, part, options);
      break;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CamlabError) throw error;
      const size = await sizeOf(part);
      tries = size > last ? 1 : tries + 1;
      last = size;
      if (tries >= TRIES) throw unreachable(address, size, error);
      await wait(pause * 2 ** (tries - 1), undefined, { signal });
    }
  }
  await rm(`${part}.json`, { force: true });
  if (!(await isRight(part, sha256))) {
    const found = await sha256OfFile(part);
    await rm(part, { force: true });
    throw new CamlabError(
      `what came from ${address} is not the file that is meant: its SHA-256 is ${found}, not ${sha256}${sha256!.length < 64 ? "…" : ""}. It was thrown away`,
    );
  }
  await rename(part, path);
}

/** Fetches what is missing of a file, once. */
async function fetchRest(address: string, part: string, { signal, onProgress }: DownloadOptions): Promise<void> {
  const begun = await sizeOf(part);
  const tag = begun > 0 ? await tagOf(part) : undefined;
  const rest: Record<string, string> = tag === undefined ? {} : { range: `bytes=${begun}-`, "if-range": tag };
  const response = await fetch(address, { headers: { ...rest, "accept-encoding": "identity" }, signal });
  if (response.status === 416) {
    await response.body?.cancel();
    // What is there is all there is, or of another file: the checksum tells, and without one it is fetched anew.
    await rm(`${part}.json`, { force: true });
    const total = Number(/\*\/(\d+)/.exec(response.headers.get("content-range") ?? "")?.[1]);
    if (total === begun) return;
    await rm(part, { force: true });
    throw new Error("the file has changed meanwhile");
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    if (response.status >= 500 || response.status === 429) throw new Error(`it answers ${response.status}`);
    throw new CamlabError(
      `${address} answers ${response.status} ${response.statusText}: there is no such file any more`,
    );
  }
  const goesOn = response.status === 206 && startsAt(response, begun);
  if (response.status === 206 && !goesOn) {
    await response.body.cancel();
    await rm(part, { force: true });
    throw new Error("it sends another part than was asked for");
  }
  const length = Number(response.headers.get("content-length") ?? NaN);
  const total = (goesOn ? begun : 0) + length;
  if (total > LARGEST) {
    await response.body.cancel();
    throw new CamlabError(`${address} would send ${(total / 1e9).toFixed(1)} GB: no network is as large`);
  }
  await keepTag(part, response);
  const kilobytes = (bytes: number) => Math.ceil(bytes / 1000);
  const tell = tellProgress(onProgress, "fetching, kB", Number.isNaN(total) ? undefined : kilobytes(total));
  const file = await open(part, goesOn ? "a" : "w");
  let done = goesOn ? begun : 0;
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      await file.write(piece);
      done += piece.length;
      if (done > LARGEST) throw new CamlabError(`${address} sends more than any network takes`);
      tell(kilobytes(done));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (!Number.isNaN(total) && done !== total) throw new Error(`${done} of ${total} bytes came`);
}

function startsAt(response: Response, begun: number): boolean {
  return new RegExp(`^bytes ${begun}-`).test(response.headers.get("content-range") ?? "");
}

/** What the server calls this state of the file; going on with another one would mix two files. */
async function keepTag(part: string, { headers }: Response): Promise<void> {
  const etag = headers.get("etag");
  const strong = etag !== null && !etag.startsWith("W/") ? etag : undefined;
  const tag = strong ?? headers.get("last-modified") ?? undefined;
  if (tag === undefined) await rm(`${part}.json`, { force: true });
  else await writeFile(`${part}.json`, JSON.stringify({ tag }));
}

async function tagOf(part: string): Promise<string | undefined> {
  try {
    const { tag } = JSON.parse(await readFile(`${part}.json`, "utf8")) as { tag?: unknown };
    return typeof tag === "string" ? tag : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function isRight(path: string, sha256: string | undefined): Promise<boolean> {
  return sha256 === undefined || (await sha256OfFile(path)).startsWith(sha256.toLowerCase());
}

function unreachable(address: string, size: number, error: unknown): CamlabError {
  const cause: NodeJS.ErrnoException | undefined =
    error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const code = cause?.code;
  const host = URL.canParse(address) ? new URL(address).host : address;
  const offline = ["ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"].includes(code ?? "");
  const why = offline ? "this machine seems to be offline" : messageOf(cause ?? error);
  const kept =
    size > 0 ? `; the ${(size / 1e6).toFixed(1)} MB that came are kept, and the next try goes on from there` : "";
  return new CamlabError(`cannot reach ${host} (${why})${kept}`);
}
