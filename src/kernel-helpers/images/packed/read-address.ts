import { setTimeout as sleep } from "node:timers/promises";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { PackedAddress } from "../image.js";

const ATTEMPTS = 4;
const FIRST_PAUSE = 200;
const PATIENCE = 30_000;

/** What is there after some attempts. */
interface Begun {
  readonly pieces: Uint8Array[];
  length: number;
  /** What the server calls the version that the pieces are of. */
  version?: string;
}

/**
 * Fetches a file of a server. A connection that breaks, and a server that is busy or broken, are tried again three times,
 * with longer and longer pauses; what came before is kept, and the rest asked for by its range. Redirections are not
 * followed.
 *
 * @throws CamlabError when it is not given, is larger than `most`, or does not come in time
 */
export async function readAddress({ pack, most }: PackedAddress): Promise<Uint8Array> {
  const begun: Begun = { pieces: [], length: 0 };
  for (let attempt = 1; ; attempt++) {
    try {
      await goOn(pack, most, begun);
      return Buffer.concat(begun.pieces, begun.length);
    } catch (error) {
      if (error instanceof CamlabError) throw error;
      if (attempt === ATTEMPTS) throw new CamlabError(`${messageOf(error)}, ${ATTEMPTS} times`, { cause: error });
      await sleep(FIRST_PAUSE * 4 ** (attempt - 1));
    }
  }
}

/** One attempt; throws a CamlabError for what another would not change. */
async function goOn(address: string, most: number, begun: Begun): Promise<void> {
  const asked =
    begun.length > 0 && begun.version !== undefined
      ? { range: `bytes=${begun.length}-`, "if-range": begun.version }
      : undefined;
  const headers = { "accept-encoding": "identity", ...asked };
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(address, { headers, signal, redirect: "manual" });
  const { status } = response;
  if (status >= 300 && status < 400) throw new CamlabError(`the server sends elsewhere (${status}): list that address`);
  if (status === 429 || status >= 500) throw new Error(`the server answers ${status}`);
  if (status !== 200 && status !== 206) throw new CamlabError(`the server answers ${status}`);
  if (status === 200) {
    begun.pieces.length = 0;
    begun.length = 0;
  } else if (!response.headers.get("content-range")?.startsWith(`bytes ${begun.length}-`)) {
    throw new CamlabError("the server gives another range than was asked for");
  }
  begun.version = response.headers.get("etag")?.replace(/^W\/.*$/, "") || undefined;
  const announced = Number(response.headers.get("content-length") ?? Number.NaN);
  if (begun.length + announced > most) throw tooLarge(most);
  const end = begun.length + announced;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    begun.pieces.push(next.value);
    begun.length += next.value.length;
    if (begun.length > most) throw tooLarge(most);
  }
  if (begun.length < end) throw new Error("the connection broke");
}

function tooLarge(most: number): CamlabError {
  return new CamlabError(`it is larger than the ${most} bytes that are taken`);
}
