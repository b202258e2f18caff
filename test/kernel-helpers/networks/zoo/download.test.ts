import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { downloadFile } from "../../../../src/kernel-helpers/networks/zoo/sources/download.js";
import { sha256 } from "../../../../src/kernel-helpers/support/hash.js";
import type { Progress } from "../../../../src/kernel-helpers/support/progress.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-download-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
const hash = sha256(content);

type Answer = (request: IncomingMessage, response: ServerResponse, turn: number) => void;

/** A server on this machine that answers as `answer` says, and what it was asked. */
async function serving(
  answer: Answer,
  work: (address: string, asked: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request);
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.pth`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Where a connection is cut: when so many bytes were sent and lie in the file of this name that is not whole yet. */
interface Cut {
  readonly name: string;
  readonly after: number;
}

/** Sends what is asked for, the rest of a file too. */
function send(request: IncomingMessage, response: ServerResponse, cut?: Cut, tag = '"one"'): void {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const goesOn = start !== undefined && request.headers["if-range"] === tag;
  const first = goesOn ? Number(start) : 0;
  response.writeHead(goesOn ? 206 : 200, {
    "content-length": content.length - first,
    etag: tag,
    ...(goesOn && { "content-range": `bytes ${first}-${content.length - 1}/${content.length}` }),
  });
  if (!cut) {
    response.end(content.subarray(first));
    return;
  }
  const end = first + cut.after;
  response.write(content.subarray(first, end));
  const part = `${target(cut.name)}.part`;
  const wait = setInterval(() => {
    const isThere = existsSync(part) && statSync(part).size === end;
    if (!isThere && !response.destroyed) return;
    clearInterval(wait);
    response.destroy();
  }, 2);
}

function target(name: string): string {
  return join(folder, name);
}

const quick = { pause: 1, sha256: hash };

describe("downloadFile", () => {
  it("goes on where connections were cut, and tells how far it is", async () => {
    const told: Progress[] = [];
    await serving(
      (request, response, turn) => send(request, response, turn < 4 ? { name: "cut", after: 40_000 } : undefined),
      async (address, asked) => {
        await downloadFile(address, target("cut"), { ...quick, onProgress: (each) => told.push(each) });
        assert.deepEqual(
          asked.map(({ headers }) => headers.range),
          [undefined, "bytes=40000-", "bytes=80000-", "bytes=120000-"],
        );
      },
    );
    assert.deepEqual(readFileSync(target("cut")), content);
    assert.equal(told.at(-1)?.done, 200);
    assert.equal(told.at(-1)?.total, 200);
    assert.ok(!existsSync(`${target("cut")}.part`));
  });

  it("keeps what came for the next call, when it gives up", async () => {
    await serving(
      (request, response, turn) =>
        turn === 1 ? send(request, response, { name: "later", after: 80_000 }) : response.destroy(),
      async (address) => {
        await assert.rejects(
          downloadFile(address, target("later"), quick),
          /cannot reach 127.*0\.1 MB that came are kept/,
        );
      },
    );
    await serving(
      (request, response) => send(request, response),
      async (address, asked) => {
        await downloadFile(address, target("later"), quick);
        assert.equal(asked[0].headers.range, "bytes=80000-");
      },
    );
    assert.deepEqual(readFileSync(target("later")), content);
  });

  it("begins anew when the file has changed meanwhile", async () => {
    await serving(
      (request, response, turn) =>
        turn === 1
          ? send(request, response, { name: "changed", after: 50_000 }, '"old"')
          : send(request, response, undefined, '"new"'),
      async (address, asked) => {
        await downloadFile(address, target("changed"), quick);
        assert.deepEqual(
          asked.map(({ headers }) => [headers.range, headers["if-range"]]),
          [
            [undefined, undefined],
            ["bytes=50000-", '"old"'],
          ],
        );
      },
    );
    assert.deepEqual(readFileSync(target("changed")), content);
  });

  it("follows redirects, and takes a hash by its beginning", async () => {
    await serving(
      (request, response) =>
        request.url === "/weights.pth"
          ? response.writeHead(302, { location: "/mirror/1" }).end()
          : send(request, response),
      async (address) => downloadFile(address, target("moved"), { ...quick, sha256: hash.slice(0, 8) }),
    );
    assert.deepEqual(readFileSync(target("moved")), content);
  });

  it("throws away what has another hash", async () => {
    await serving(
      (request, response) => send(request, response),
      async (address) => {
        const wrong = downloadFile(address, target("wrong"), { ...quick, sha256: "0".repeat(64) });
        await assert.rejects(
          wrong,
          /is not the file that is meant: its SHA-256 is [0-9a-f]{64}, not 0{64}\. It was thrown/,
        );
      },
    );
    assert.ok(!existsSync(target("wrong")) && !existsSync(`${target("wrong")}.part`));
  });

  it("says at once that there is no such file, and tries again when a server is busy", async () => {
    await serving(
      (_, response) => response.writeHead(404).end("gone"),
      async (address, asked) => {
        await assert.rejects(
          downloadFile(address, target("gone"), quick),
          /answers 404 Not Found: there is no such file/,
        );
        assert.equal(asked.length, 1);
      },
    );
    await serving(
      (request, response, turn) => (turn < 3 ? response.writeHead(503).end() : send(request, response)),
      async (address) => downloadFile(address, target("busy"), quick),
    );
    assert.deepEqual(readFileSync(target("busy")), content);
  });

  it("says that a machine is offline, and fetches nothing twice", async () => {
    await assert.rejects(
      downloadFile("http://no-such-host.invalid/a", target("offline"), quick),
      /seems to be offline/,
    );
    await downloadFile("http://no-such-host.invalid/a", target("busy"), quick);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    await serving(
      (_, response) => {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.subarray(0, 10_000));
      },
      async (address, asked) => {
        const stopping = { ...quick, signal: controller.signal, onProgress: () => controller.abort() };
        await assert.rejects(downloadFile(address, target("stopped"), stopping), { name: "AbortError" });
        assert.equal(asked.length, 1);
        assert.ok(!existsSync(target("stopped")));
      },
    );
  });
});
