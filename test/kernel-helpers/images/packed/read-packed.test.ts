// Bytes out of archives, tables and servers that the tests write themselves.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { PackedImage, PackedZipEntry } from "../../../../src/kernel-helpers/images/image.js";
import { LARGEST_PACKED } from "../../../../src/kernel-helpers/images/packed/packed-image.js";
import { openParquet } from "../../../../src/kernel-helpers/images/packed/parquet-file.js";
import { readPacked } from "../../../../src/kernel-helpers/images/packed/read-packed.js";
import { readZipEntry } from "../../../../src/kernel-helpers/images/packed/read-zip-entry.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-packed-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const refused = (file: PackedImage, message: RegExp) =>
  assert.rejects(readPacked(file), { name: "CamlabError", message });

describe("a stretch of a file", () => {
  const pack = join(folder, "birds.tar");
  writeFileSync(pack, "0123456789");
  const part = (start: number, size: number, from = pack): PackedImage => ({
    ...{ kind: "part", pack: from, entry: "a.jpg", start, size },
  });

  test("is read from its first byte to its last", async () => {
    assert.equal(Buffer.from(await readPacked(part(3, 4))).toString(), "3456");
    assert.equal(Buffer.from(await readPacked(part(9, 1))).toString(), "9");
  });

  test("is named with what is wrong: empty, cut short, too large, gone", async () => {
    await refused(part(3, 0), /^cannot read .*birds\.tar\/a\.jpg: it is empty$/);
    await refused(part(3, 8), /birds\.tar\/a\.jpg: .*birds\.tar is cut short$/);
    await refused(part(0, LARGEST_PACKED + 1), /: it takes 268435457 bytes, more than the 268435456 of a picture$/);
    await refused(part(0, LARGEST_PACKED), /is cut short$/);
    await refused(part(0, 1, join(folder, "none.tar")), /none\.tar\/a\.jpg: there is no such file$/);
    await refused(part(0, 1, folder), /: (?!there is no such file)/);
  });
});

describe("an entry of a zip", () => {
  const content = Buffer.from("so much wood, so much wood, so much wood");
  const name = "a.txt";
  /** The local header with a name and three bytes of something more, then the content. */
  const archive = (packed: Buffer) => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(3, 28);
    return Buffer.concat([Buffer.from("before"), header, Buffer.from(`${name}...`), packed, Buffer.from("after")]);
  };
  const read = (changes: Partial<PackedZipEntry>, isDeflated = true, bytes?: Buffer) => {
    const packed = isDeflated ? deflateRawSync(content) : content;
    const entry: PackedZipEntry = {
      ...{ kind: "zip", pack: "x.zip", entry: name, start: 6, isDeflated },
      ...{ packedSize: packed.length, size: content.length, crc: crc32(content), ...changes },
    };
    const file = bytes ?? archive(packed);
    return readZipEntry(entry, (_, start, size) => Promise.resolve(file.subarray(start, start + size)));
  };

  test("comes back deflated or stored", async () => {
    assert.deepEqual(Buffer.from(await read({})), content);
    assert.deepEqual(Buffer.from(await read({}, false)), content);
  });

  test("that is not what the directory says is refused, each way", async () => {
    const differs = { name: "CamlabError", message: "it is damaged: its checksum differs" };
    await assert.rejects(read({ crc: 1 }), differs);
    await assert.rejects(read({ crc: 1 }, false), differs);
    await assert.rejects(read({ size: content.length + 1 }), differs);
    await assert.rejects(read({ size: content.length - 1 }, false), differs);
    const large = { message: `it unfolds to more than the ${content.length - 1} bytes that it claims` };
    await assert.rejects(read({ size: content.length - 1 }), large);
    await assert.rejects(read({ size: 0 }), { message: "it unfolds to more than the 0 bytes that it claims" });
    await assert.rejects(read({ packedSize: 3 }), { message: "it is damaged" });
    await assert.rejects(read({ start: 7 }), { message: "its header is damaged" });
    const most = { message: `it would unfold to ${LARGEST_PACKED + 1} bytes, more than a picture has` };
    await assert.rejects(read({ size: LARGEST_PACKED + 1 }), most);
    await assert.rejects(read({ size: LARGEST_PACKED }), differs);
  });

  test("of nothing is nothing, which no picture is", async () => {
    const nothing = deflateRawSync(Buffer.alloc(0));
    const entry = { size: 0, crc: 0, packedSize: nothing.length };
    assert.equal((await read(entry, true, archive(nothing))).length, 0);
  });
});

describe("a row of a Parquet file", () => {
  const valueOf = (row: number) => Buffer.from(`picture ${row}`);
  const write = (name: string, values: readonly (Uint8Array | null)[], rowGroupSize: number): string => {
    const path = join(folder, name);
    const columnData = [
      { name: "image", data: [...values], type: "BYTE_ARRAY" as const },
      { name: "number", data: values.map((_, i) => i), type: "INT32" as const },
    ];
    writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize })));
    return path;
  };
  const row = (pack: string, at: number, column = "image"): PackedImage => ({
    ...{ kind: "row", pack, entry: `row ${at}`, column, row: at },
  });

  test("comes back from any group, in any order, at both ends of each", async () => {
    const pack = write(
      "rows.parquet",
      Array.from({ length: 83 }, (_, i) => valueOf(i)),
      40,
    );
    for (const at of [0, 31, 32, 39, 40, 79, 80, 82, 1, 71, 72, 0]) {
      assert.deepEqual(Buffer.from(await readPacked(row(pack, at))), valueOf(at), String(at));
    }
    await refused(row(pack, 83), /rows\.parquet\/row 83: there is no row 83$/);
    await refused(row(pack, -1), /there is no row -1$/);
    await refused(row(pack, 3, "number"), /there are no bytes in that row$/);
    await refused(row(join(folder, "none.parquet"), 0), /there is no such file$/);
  });

  test("that holds nothing is named, and its neighbours are read", async () => {
    const pack = write("gaps.parquet", [valueOf(0), null, valueOf(2), Buffer.alloc(0)], 40);
    assert.deepEqual(Buffer.from(await readPacked(row(pack, 2))), valueOf(2));
    await refused(row(pack, 1), /row 1: there are no bytes in that row$/);
    await refused(row(pack, 3), /row 3: it is empty$/);
  });

  test("is read anew when the file has changed", async () => {
    const pack = write("changing.parquet", [valueOf(0), valueOf(1)], 40);
    assert.deepEqual(Buffer.from(await readPacked(row(pack, 1))), valueOf(1));
    write("changing.parquet", [valueOf(0), valueOf(1234)], 40);
    assert.deepEqual(Buffer.from(await readPacked(row(pack, 1))), valueOf(1234));
  });

  test("the file says what it has: rows, groups, the bytes of a column; it stays open", async () => {
    const pack = write(
      "told.parquet",
      Array.from({ length: 7 }, (_, i) => valueOf(i)),
      3,
    );
    const file = await openParquet(pack);
    assert.equal(await openParquet(pack), file);
    assert.equal(file.rows, 7);
    assert.deepEqual(
      file.groups.map(({ start, end }) => [start, end]),
      [
        [0, 3],
        [3, 6],
        [6, 7],
      ],
    );
    const [first, , last] = file.groups;
    assert.ok(first.bytesOf("image") > 3 * 9 && last.bytesOf("image") >= 9 && last.bytesOf("image") < 60);
    assert.equal(first.bytesOf("other"), 0);
    assert.deepEqual(
      (await file.values("image", 2, 5)).map((value) => Buffer.from(value as Uint8Array)),
      [2, 3, 4].map(valueOf),
    );
    // Four others later it is opened anew.
    for (let i = 0; i < 4; i++) await openParquet(write(`other-${i}.parquet`, [valueOf(i)], 1));
    assert.notEqual(await openParquet(pack), file);
  });

  test("a file that is none, is cut short, or lies about its rows is refused", async () => {
    const none = join(folder, "none.txt");
    writeFileSync(none, "no Parquet at all, but some text");
    await assert.rejects(openParquet(none), {
      name: "CamlabError",
      message: /^it is no Parquet file, or cut short \(/,
    });
    await assert.rejects(openParquet(none), /it is no Parquet file, or cut short \(.*footer.*\)$/);
    const cut = write(
      "cut.parquet",
      Array.from({ length: 9 }, (_, i) => valueOf(i)),
      40,
    );
    truncateSync(cut, 200);
    await assert.rejects(openParquet(cut), /it is no Parquet file, or cut short/);
    // What the file says of itself, in Thrift's compact form: a version, one column, rows, and no group of rows.
    const saying = (about: readonly number[]) => {
      const path = join(folder, `${about.join()}.parquet`);
      writeFileSync(
        path,
        Buffer.from([...Buffer.from("PAR1"), ...about, about.length, 0, 0, 0, ...Buffer.from("PAR1")]),
      );
      return openParquet(path);
    };
    const holding = (rows: number) => [0x15, 2, 0x19, 0x1c, 0x48, 1, 114, 0x15, 0, 0, 0x16, 2 * rows, 0x19, 0x0c, 0];
    await assert.rejects(saying([0]), /\(what it says of itself does not fit together\)$/);
    await assert.rejects(saying(holding(5)), {
      name: "CamlabError",
      message: "it is damaged: its 27 bytes are said to hold 5 rows, in 0 groups",
    });
    assert.equal((await saying(holding(0))).rows, 0);
    // Nor are more than eight rows a byte believed where a group bears them out.
    const group = (rows: readonly number[]) => [0x19, 0x1c, 0x19, 0x0c, 0x26, ...rows, 0, 0];
    const rowsOf = (rows: readonly number[]) => [...holding(0).slice(0, 11), ...rows, ...group(rows)];
    const most = rowsOf([0xa0, 4]);
    assert.equal((await saying(most)).rows, 272);
    await assert.rejects(saying(rowsOf([0xa2, 4])), {
      name: "CamlabError",
      message: `it is damaged: its ${most.length + 12} bytes are said to hold 273 rows, in 1 groups`,
    });
  });
});

describe("a file of a server", () => {
  const content = Buffer.from("0123456789abcdefghij");
  type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

  /** What is read of a server that answers so, and the headers that it was asked with. */
  async function fetched(answer: Answer, most = 100) {
    const asked: IncomingMessage["headers"][] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers);
      answer(request, response, asked.length);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const pack = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`;
    try {
      const bytes = await readPacked({ kind: "address", pack, entry: "", most });
      return { text: Buffer.from(bytes).toString(), asked };
    } catch (error) {
      return { error: (error as Error).message.replace(pack, "URL"), asked };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const whole: Answer = (_, response) => response.end(content);
  /** Announces all, gives the first eight bytes, and breaks. */
  const broken = (response: ServerResponse, headers: Record<string, string>) => {
    response.writeHead(200, { "content-length": content.length, ...headers });
    response.write(content.subarray(0, 8), () => setTimeout(() => response.destroy(), 20));
  };
  const rest = (response: ServerResponse, range: string) => {
    response.writeHead(206, { "content-range": range, "content-length": content.length - 8 });
    response.end(content.subarray(8));
  };

  test("comes as it is, up to the most that is taken", async () => {
    const { text, asked } = await fetched(whole);
    assert.equal(text, content.toString());
    assert.deepEqual([asked.length, asked[0]["accept-encoding"], asked[0].range], [1, "identity", undefined]);
    assert.equal((await fetched(whole, content.length)).text, content.toString());
    const most = `cannot read URL: it is larger than the ${content.length - 1} bytes that are taken`;
    assert.equal((await fetched(whole, content.length - 1)).error, most);
    const unannounced: Answer = (_, response) => {
      response.write(content.subarray(0, 3));
      response.end(content.subarray(3));
    };
    assert.equal((await fetched(unannounced)).text, content.toString());
    assert.equal((await fetched(unannounced, content.length - 1)).error, most);
  });

  test("after a break only the rest of the same version is asked for", async () => {
    const { text, asked } = await fetched((_, response, attempt) => {
      if (attempt === 1) broken(response, { etag: '"v1"' });
      else rest(response, `bytes 8-${content.length - 1}/${content.length}`);
    });
    assert.equal(text, content.toString());
    assert.deepEqual([asked[1].range, asked[1]["if-range"]], ["bytes=8-", '"v1"']);
  });

  test("all is asked for again where no version is known, or only a weak one", async () => {
    for (const headers of [{}, { etag: 'W/"v1"' }] as Record<string, string>[]) {
      const { text, asked } = await fetched((request, response, attempt) => {
        if (attempt === 1) broken(response, headers);
        else whole(request, response, attempt);
      });
      assert.deepEqual([text, asked.length, asked[1].range], [content.toString(), 2, undefined]);
    }
  });

  test("a server that gives all after all begins anew, one that gives another range is not believed", async () => {
    const anew = await fetched((request, response, attempt) => {
      if (attempt === 1) broken(response, { etag: '"v1"' });
      else whole(request, response, attempt);
    });
    assert.equal(anew.text, content.toString());
    const other = await fetched((_, response, attempt) => {
      if (attempt === 1) broken(response, { etag: '"v1"' });
      else rest(response, `bytes 7-${content.length - 1}/${content.length}`);
    });
    assert.equal(other.error, "cannot read URL: the server gives another range than was asked for");
  });

  test("is not asked for again where that would not help", async () => {
    for (const [status, message] of [
      [404, "the server answers 404"],
      [204, "the server answers 204"],
      [301, "the server sends elsewhere (301): list that address"],
      [399, "the server sends elsewhere (399): list that address"],
    ] as const) {
      const { error, asked } = await fetched((_, response) => response.writeHead(status).end());
      assert.deepEqual([error, asked.length], [`cannot read URL: ${message}`, 1], String(status));
    }
  });

  test("is asked for again of a busy server and a broken one", async () => {
    for (const status of [429, 500]) {
      const { text, asked } = await fetched((request, response, attempt) => {
        if (attempt === 1) response.writeHead(status).end();
        else whole(request, response, attempt);
      });
      assert.deepEqual([text, asked.length], [content.toString(), 2], String(status));
    }
  });
});
