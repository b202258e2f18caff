// A Redis of a test's own: on a port that was free, with its append-only file in a folder.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Certificates } from "./certificates.js";

/** Why Redis cannot be tried here; undefined when it can. */
export function withoutRedis(): string | undefined {
  const found = spawnSync("redis-server", ["--version"]).status === 0;
  if (found || process.env.CI) return undefined;
  return "there is no redis-server (Debian: apt-get install redis-server)";
}

/** A server and a folder for the tests of a suite, to be called where the suite is described. */
export function redisOfSuite(name: string): { readonly folder: string; readonly server: () => RedisServer } {
  const folder = mkdtempSync(join(tmpdir(), `camlab-${name}-`));
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start(folder);
  });
  after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, server: () => server };
}

/** A server that can be killed and started again. */
export class RedisServer {
  #process?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly more: readonly string[],
    private readonly certificates: Certificates | undefined,
  ) {}

  /** @param certificates what it shows with TLS, which it then speaks only, and whom it trusts */
  static async start(folder: string, more: readonly string[] = [], certificates?: Certificates): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folder, more, certificates);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis${this.certificates ? "s" : ""}://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const aof = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    const port = this.certificates ? tlsFlags(this.certificates, this.port) : ["--port", String(this.port)];
    const where = [...port, "--bind", "127.0.0.1", "--dir", this.folder];
    const child = spawn("redis-server", [...where, ...aof, ...this.more], { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = child;
    let said = "";
    child.stdout.on("data", (text: Buffer) => (said += text.toString()));
    for (let i = 0; i < 200 && !said.includes("Ready to accept connections"); i++) await sleep(50);
  }

  /** Leaves connections open, and answers nothing. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

function tlsFlags({ ca, cert, key }: Certificates, port: number): string[] {
  const files = ["--tls-ca-cert-file", ca, "--tls-cert-file", cert, "--tls-key-file", key];
  return ["--port", "0", "--tls-port", String(port), ...files];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
