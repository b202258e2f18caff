import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readAddresses } from "../../../../src/kernel-helpers/datasets/packs/read-addresses.js";
import { readTar, readZip } from "../../../../src/kernel-helpers/datasets/packs/read-archives.js";
import { packKind, readPacks } from "../../../../src/kernel-helpers/datasets/packs/read-packs.js";
import { readParquet } from "../../../../src/kernel-helpers/datasets/packs/read-parquet.js";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { nameOf, type PackedPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { readPacked } from "../../../../src/kernel-helpers/images/packed/read-packed.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { fixture, fixturePictures, packFolder, tarOf, zipOf } from "./packs.js";

const bytesOf = (pictures: readonly PackedPicture[]) =>
  Promise.all(pictures.map(async ({ file }) => Buffer.from(await readPacked(file))));

describe("packs written by others", () => {
  const pictures = fixturePictures();

  test("Parquet of Hugging Face: bytes, names of classes, captions, the split", async () => {
    const set = await readParquet(fixture("train-00000-of-00001.parquet"));
    assert.deepEqual(set.classes, ["sparrow", "robin", "wren"]);
    assert.deepEqual(await bytesOf(set.pictures), pictures);
    const labels = set.pictures.map(({ label }) => label);
    assert.deepEqual(labels.slice(0, 4), ["sparrow", "robin", "wren", "sparrow"]);
    assert.equal(labels[7], undefined);
    assert.deepEqual(set.pictures[2].captions, ["bird 2", "a bird called 2"]);
    assert.ok(set.pictures.every(({ split }) => split === "train"));
    assert.match(nameOf(set.pictures[3]), /train-00000-of-00001\.parquet\/row 3$/);
    assert.deepEqual((await bytesOf([set.pictures[6], set.pictures[0]]))[1], pictures[0]);
  });

  test("Parquet without notes: columns by form and name, zstd, one row group without an index", async () => {
    const { pictures: found } = await readParquet(fixture("plain.parquet"));
    assert.deepEqual(await bytesOf(found), pictures);
    assert.deepEqual(found[5].captions, ["bird 5"]);
    await assert.rejects(readParquet(fixture("plain.parquet"), { image: "text", label: "no" }), /no column no/);
  });

  test("Parquet of every codec, in pages of the second version and several row groups", async () => {
    for (const codec of ["gzip", "brotli", "lz4", "none"]) {
      const { pictures: found } = await readParquet(fixture(`${codec}.parquet`));
      assert.deepEqual(await bytesOf(found), pictures, codec);
    }
  });

  test("Parquet that holds paths instead of bytes says so", async () => {
    const { pictures: found } = await readParquet(fixture("paths.parquet"));
    assert.equal(found.length, 2);
    await assert.rejects(readPacked(found[1].file), /row 1: there are no bytes in that row, only a path/);
  });

  test("archives that are compressed as a whole are named as that", async () => {
    const folder = packFolder();
    const path = join(folder, "birds.tar.gz");
    writeFileSync(path, gzipSync(readFileSync(fixture("gnu.tar"))));
    await assert.rejects(readPacks(path), /birds\.tar\.gz is compressed as a whole \(gzip\).*unpack it to \.tar/);
    rmSync(folder, { recursive: true });
  });

  test("tar: POSIX and GNU, names too long for a header, class and caption beside the picture", async () => {
    for (const name of ["birds-val-0000.tar", "gnu.tar"]) {
      const { pictures: found } = await readTar(fixture(name), { classes: ["sparrow", "robin", "wren"] });
      assert.deepEqual(await bytesOf(found), pictures.slice(0, 4));
      assert.deepEqual(
        found.map(({ label }) => label),
        ["sparrow", "robin", "wren", "sparrow"],
      );
      assert.deepEqual(found[1].captions, ["bird 1"]);
      assert.equal(found[0].id, "0000");
      assert.ok(found[3].id.length > 100);
      assert.equal(found[0].split, name === "gnu.tar" ? undefined : "val");
    }
  });

  test("zip: stored and deflated, folders as labels", async () => {
    const set = await readZip(fixture("birds.zip"), { folders: true });
    assert.deepEqual(await bytesOf(set.pictures), pictures.slice(0, 6));
    assert.deepEqual(set.classes, ["robin", "sparrow", "wren"]);
    assert.equal(set.pictures[1].id, "train/robin/vögel 1.png");
    assert.equal(set.pictures[1].split, "train");
  });

  test("are recognised by their content, whatever they are called", async () => {
    const folder = packFolder();
    const kinds = { "plain.parquet": "parquet", "gnu.tar": "tar", "birds.zip": "zip" };
    for (const [name, kind] of Object.entries(kinds)) {
      const other = join(folder, `${kind}.bin`);
      writeFileSync(other, readFileSync(fixture(name)));
      assert.equal(await packKind(other), kind);
    }
    assert.equal(await packKind(fixture("make.py")), undefined);
    const all = await readPacks(Object.keys(kinds).map(fixture));
    assert.deepEqual(await bytesOf(all.pictures), [...pictures, ...pictures.slice(0, 4), ...pictures.slice(0, 6)]);
    rmSync(folder, { recursive: true });
  });
});

describe("packs of the drawn world", () => {
  const folder = packFolder();
  let network: Network;
  let files: { name: string; bytes: Uint8Array }[];
  before(async () => {
    network = await openNetwork();
    const world = await drawWorld("objects", { train: 12, val: 0, test: 0, seed: 24 });
    mkdirSync(join(folder, "plain"), { recursive: true });
    files = await Promise.all(
      world.pictures.map(async ({ file }, i) => {
        const name = `${String(i).padStart(4, "0")}.png`;
        const bytes = await encodePng(await loadImage(file));
        writeFileSync(join(folder, "plain", name), bytes);
        return { name, bytes };
      }),
    );
  });
  after(() => {
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const parquetOf = (images: readonly (Uint8Array | null)[]) =>
    Buffer.from(
      parquetWriteBuffer({ columnData: [{ name: "image", data: [...images], type: "BYTE_ARRAY" }], rowGroupSize: 5 }),
    );

  test("give the same features as the folder, to the bit, and are known again by the cache", async () => {
    const cache = join(folder, "cache");
    const plain = files.map(({ name }) => join(folder, "plain", name));
    const whole = await extractFeatures(network, plain, { cache: false });
    const packs = { "a.tar": tarOf(files), "a.zip": zipOf(files), "a.parquet": parquetOf(files.map((f) => f.bytes)) };
    for (const [name, bytes] of Object.entries(packs)) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const { pictures } = await readPacks(path);
      const features = await extractFeatures(network, pictures, { cache, batchSize: 5 });
      assert.deepEqual(features.data, whole.data, name);
      assert.deepEqual(features.skipped, []);
      assert.ok(features.files.every((file) => file.startsWith(`${path}/`)));
    }
    const again = await extractFeatures(network, (await readPacks(join(folder, "a.tar"))).pictures, { cache });
    assert.deepEqual(again.data, whole.data);
  });

  test("a Parquet with broken and missing images: they are named, the rest done", async () => {
    const path = join(folder, "broken.parquet");
    const images: (Uint8Array | null)[] = files.map(({ bytes }) => bytes);
    images[3] = Buffer.from("no image at all");
    images[4] = files[4].bytes.subarray(0, files[4].bytes.length / 2);
    images[7] = null;
    writeFileSync(path, parquetOf(images));
    const { pictures } = await readParquet(path);
    const features = await extractFeatures(network, pictures, { cache: false });
    assert.equal(features.rows, 9);
    assert.deepEqual(
      features.skipped.map(({ picture }) => basename(nameOf(picture))),
      ["row 03", "row 04", "row 07"],
    );
    assert.match(features.skipped[1].error, /broken\.parquet\/row 04: it is damaged or cut short/);
    assert.match(features.skipped[2].error, /no bytes in that row/);
  });

  test("a Parquet with a label that has no name: it is said, and every picture is read", async () => {
    const path = join(folder, "labels.parquet");
    const names = JSON.stringify({ info: { features: { label: { _type: "ClassLabel", names: ["cat", "dog"] } } } });
    const written = parquetWriteBuffer({
      columnData: [
        { name: "image", data: files.slice(0, 4).map(({ bytes }) => bytes), type: "BYTE_ARRAY" },
        { name: "label", data: [0, 1, 7, 0], type: "INT32" },
      ],
      kvMetadata: [{ key: "huggingface", value: names }],
    });
    writeFileSync(path, Buffer.from(written));
    const { pictures, notes } = await readParquet(path);
    assert.deepEqual(
      pictures.map(({ label }) => label),
      ["cat", "dog", undefined, "cat"],
    );
    assert.match(notes!.join("\n"), /3 of 4 labels of .*labels\.parquet; 1 left out: row 2 \(class 7 has no name/);
  });

  test("a Parquet that is cut short is named beside others that are whole", async () => {
    const [whole, half] = [join(folder, "whole.parquet"), join(folder, "half.parquet")];
    writeFileSync(whole, parquetOf(files.map(({ bytes }) => bytes)));
    writeFileSync(half, parquetOf(files.map(({ bytes }) => bytes)).subarray(0, 3000));
    const { pictures, notes } = await readParquet([half, whole]);
    assert.equal(pictures.length, 12);
    assert.match(notes!.join("\n"), /1 left out: .*half\.parquet \(it is no Parquet file, or cut short/);
    await assert.rejects(readParquet(half), /half\.parquet/);
  });

  test("a tar that is cut short: what is there is read, what is not is named", async () => {
    const path = join(folder, "short.tar");
    const bytes = tarOf(files);
    writeFileSync(path, bytes);
    truncateSync(path, Math.floor(bytes.length * 0.7));
    const { pictures, notes } = await readTar(path);
    assert.ok(pictures.length >= 6 && pictures.length < 12);
    assert.deepEqual(
      await bytesOf(pictures),
      files.slice(0, pictures.length).map((file) => Buffer.from(file.bytes)),
    );
    assert.match(notes!.join("\n"), new RegExp(`${files[pictures.length].name} \\(the archive is cut short there\\)`));
  });

  test("links, files with holes and paths that climb out are named, in tar and zip; nothing is written", async () => {
    const hostile = [
      { name: "../../climbing.png", bytes: files[0].bytes },
      { name: "/etc/absolute.png", bytes: files[0].bytes },
      ...files.slice(0, 2),
    ];
    const tar = join(folder, "climb.tar");
    const holes = [
      {
        name: "extended",
        bytes: Buffer.from("22 GNU.sparse.major=1\n31 GNU.sparse.name=holes-1.png\n"),
        claims: { type: "x" },
      },
      { name: "GNUSparseFile.0/1.png", bytes: files[0].bytes },
      { name: "holes-2.png", bytes: files[0].bytes, claims: { type: "S" } },
    ];
    const link = { name: "link.png", bytes: new Uint8Array(), claims: { type: "2" } };
    writeFileSync(tar, tarOf([...hostile, ...holes, link]));
    const zip = join(folder, "climb.zip");
    writeFileSync(zip, zipOf(hostile));
    for (const set of [await readTar(tar), await readZip(zip)]) {
      assert.equal(set.pictures.length, 2);
      assert.match(set.notes!.join("\n"), /\.\.\/\.\.\/climbing\.png, \/etc\/absolute\.png \(its path leads out/);
    }
    const said = (await readTar(tar)).notes!.join("\n");
    assert.match(said, /link\.png \(a link\)/);
    assert.match(said, /holes-1\.png, holes-2\.png \(a file with holes\)/);
  });

  test("zip bombs, encrypted entries, strange methods: named, and the rest is read", async () => {
    const path = join(folder, "bombs.zip");
    const zeros = Buffer.alloc(20 * 2 ** 20);
    const entries = [
      { name: "honest-bomb.png", bytes: zeros, claims: { size: 2 ** 32 - 2 } },
      { name: "lying-bomb.png", bytes: zeros, claims: { size: 1000 } },
      { name: "secret.png", bytes: files[0].bytes, claims: { flags: 0x801 } },
      { name: "lzma.png", bytes: files[0].bytes, claims: { method: 14 } },
      ...files.slice(0, 3),
    ];
    writeFileSync(path, zipOf(entries));
    const { pictures, notes } = await readZip(path);
    const said = notes!.join("\n");
    assert.match(said, /honest-bomb\.png \(it would unfold to 4294967294 bytes/);
    assert.match(said, /secret\.png \(it is encrypted/);
    assert.match(said, /lzma\.png \(it is packed in a way that is not read \(method 14\)/);
    const features = await extractFeatures(network, pictures, { cache: false });
    assert.equal(features.rows, 3);
    assert.equal(features.skipped.length, 1);
    assert.match(features.skipped[0].error, /lying-bomb\.png: it unfolds to more than the 1000 bytes that it claims/);
  });

  test("entries of a zip that share their bytes are named", async () => {
    const path = join(folder, "overlap.zip");
    const bytes = zipOf(files.slice(0, 2));
    const second = bytes.lastIndexOf(files[1].name) - 46;
    bytes.writeUInt32LE(0, second + 42);
    writeFileSync(path, bytes);
    const { pictures, notes } = await readZip(path);
    assert.equal(pictures.length, 1);
    assert.match(notes!.join("\n"), /its bytes are those of another entry, too/);
  });

  test("addresses: ranges after a break, retries, a cap, refusals named", async () => {
    const asked = new Map<string, number>();
    const [{ bytes }] = files;
    const most = bytes.length + 1000;
    const server = createServer((request, response) => {
      const path = request.url!;
      const count = (asked.get(path) ?? 0) + 1;
      asked.set(path, count);
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (path === "/busy.png" && count < 3) return void response.writeHead(503).end();
      if (path === "/gone.png") return void response.writeHead(404).end();
      if (path === "/moved.png") return void response.writeHead(302, { location: "/whole.png" }).end();
      const range = from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
      const length = { "content-length": bytes.length - from, etag: '"one"', ...range };
      response.writeHead(from > 0 ? 206 : 200, path === "/endless.png" ? {} : length);
      if (path === "/breaks.png" && count === 1) {
        response.write(bytes.subarray(0, 100));
        return void setTimeout(() => response.destroy(), 50);
      }
      if (path === "/endless.png") return void response.end(Buffer.alloc(2 * most));
      response.end(bytes.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const names = ["whole", "busy", "breaks", "gone", "moved", "endless"];
      const list = join(folder, "list.txt");
      writeFileSync(list, [...names.map((name) => `${root}/${name}.png`), "file:///etc/passwd", ""].join("\n"));
      assert.equal(await packKind(list), "addresses");
      const { pictures, notes } = await readAddresses(list, { maxBytes: most });
      assert.match(notes!.join("\n"), /line 7 \(no address of http or https\)/);
      const [whole] = (await extractFeatures(network, [bytes], { cache: false })).data;
      const features = await extractFeatures(network, pictures, { cache: false });
      assert.equal(features.rows, 3);
      for (const row of [0, 1, 2]) assert.equal(features.data[row * features.columns], whole);
      assert.equal(asked.get("/busy.png"), 3);
      assert.equal(asked.get("/breaks.png"), 2);
      const errors = features.skipped.map(({ error }) => error.replace(root, ""));
      assert.match(errors[0], /\/gone\.png: the server answers 404/);
      assert.match(errors[1], /\/moved\.png: the server sends elsewhere \(302\)/);
      assert.match(errors[2], /\/endless\.png: it is larger than the \d+ bytes/);
      const csv = join(folder, "list.csv");
      writeFileSync(csv, `url,label,split\n${root}/whole.png,bird,val\n`);
      assert.equal(await packKind(csv), "addresses");
      const [picture] = (await readPacks(csv)).pictures;
      assert.deepEqual([picture.label, picture.split], ["bird", "val"]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
