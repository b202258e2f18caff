import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { recorded } from "../../../bench/scale/recorded.js";
import type { QueuePlace } from "../../../src/kernel-helpers/queue/queue-place.js";
import { submitFeatures } from "../../../src/kernel-helpers/queue/submit-features.js";
import { workWith } from "../../../src/kernel-helpers/queue/work-queue.js";
import { runHere } from "../../cli/bare-network.js";
import { type Certificates, certificatesIn, withoutTls } from "./certificates.js";
import { RedisServer, withoutRedis } from "./redis-server.js";

describe("a queue behind TLS and a password", { skip: withoutRedis() ?? withoutTls() }, () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-tls-"));
  const password = "open: sesame/@";
  let [ours, theirs]: Certificates[] = [];
  let server: RedisServer;
  let place: QueuePlace;
  before(async () => {
    [ours, theirs] = ["ours", "theirs"].map((name) => certificatesIn(folder, name));
    const redis = join(folder, "redis");
    mkdirSync(redis);
    server = await RedisServer.start(redis, ["--requirepass", password], ours);
    place = { queue: server.url, password, prefix: "lab{7}", tls: { ...ours } };
  });
  after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const pictures = [1, 2, 3].map((i) => ({ file: join(folder, `photo-${i}.jpg`) }));
  const extract = recorded({ columns: 4, delay: 0 });
  const refused = async (wrong: Partial<QueuePlace>, message: RegExp) => {
    const other = { ...place, ...wrong };
    const job = { folder: join(folder, "refused.parts") };
    await assert.rejects(submitFeatures(pictures, { ...other, ...job, signal: AbortSignal.timeout(20_000) }), message);
    await assert.rejects(workWith({ ...other, roots: [folder] }, extract), message);
  };

  test("works with the right authority, certificate, password and prefix", async () => {
    const stopping = new AbortController();
    const working = workWith({ ...place, roots: [folder], signal: stopping.signal }, extract).catch(() => {});
    const job = await submitFeatures(pictures, { ...place, folder: join(folder, "tls.parts"), shardSize: 2 });
    stopping.abort();
    await working;
    assert.equal((await job.merged()).rows, 3);
    await assert.rejects(
      submitFeatures(pictures, { ...place, queue: server.url.replace("rediss", "redis"), folder: join(folder, "x") }),
      /tls belongs to an address that begins with rediss/,
    );
  });

  test("a wrong authority is named, and one that was not given asked for", async () => {
    const wrong = theirs.ca.replaceAll("/", "\\/");
    await refused(
      { tls: { ...ours, ca: theirs.ca } },
      new RegExp(
        `no TLS with Redis at 127.0.0.1:\\d+, trusting the authority in ${wrong}: .*SELF_SIGNED_CERT_IN_CHAIN`,
      ),
    );
    await refused(
      { tls: { cert: ours.cert, key: ours.key } },
      /trusting the system's authorities \(no tls\.ca was given/,
    );
    await refused({ tls: { ...ours, ca: join(folder, "gone.pem") } }, /cannot read tls\.ca: .*gone\.pem/);
    const text = join(folder, "text.pem");
    writeFileSync(text, "no certificate");
    await refused({ tls: { ...ours, ca: text } }, /trusting the authority in .*text\.pem/);
    await refused({ tls: { ...ours, key: theirs.key } }, /no TLS with Redis .*key values mismatch/);
  });

  test("a wrong password is refused, none is asked for, and a database that is not there is named", async () => {
    await refused({ password: "open" }, /refuses the password, or there being none: WRONGPASS/);
    await refused({ password: undefined }, /refuses the password, or there being none: NOAUTH/);
    await refused({ queue: `${server.url}/99` }, /refuses: ERR DB index is out of range/);
  });

  test("a certificate that the server wants and does not get is said, and TLS where it is wanted", async () => {
    for (const [other, hint] of [
      [
        { ...place, tls: { ca: ours.ca } },
        /may want a certificate, tls\.cert and tls\.key|alert certificate required \(/,
      ],
      [{ ...place, tls: undefined, queue: server.url.replace("rediss", "redis") }, /may want TLS, rediss:\/\//],
    ] as const) {
      const stopping = new AbortController();
      const notes: string[] = [];
      const told = (note: string) => {
        notes.push(note);
        stopping.abort();
      };
      // Which of the two it is, a refusal or a broken connection, depends on what arrives first.
      const working = workWith({ ...other, roots: [folder], signal: stopping.signal, onNote: told }, extract);
      const ended = await working.catch((error: unknown) => String(error));
      assert.match(notes[0] ?? ended, hint);
    }
  });

  test("from the command line", async () => {
    const passwordFile = join(folder, "password.txt");
    writeFileSync(passwordFile, `${password}\n`);
    const flags = ["--queue", server.url, "--password-file", passwordFile, "--tls-ca", theirs.ca];
    const worked = await runHere("work", ...flags, "--tls-cert", ours.cert, "--tls-key", ours.key, "--root", folder);
    assert.equal(worked.code, 1);
    assert.match(worked.stderr, /trusting the authority in .*theirs-ca\.pem/);
    assert.ok(!worked.stderr.includes("sesame"));
  });
});
