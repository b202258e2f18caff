// Packs that tests write themselves, hostile ones too.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";

/** A folder of its own below the system's temporary one. */
export function packFolder(): string {
  return mkdtempSync(join(tmpdir(), "camlab-packs-"));
}

/** A file beside the fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** The eight pictures that the fixtures hold. */
export function fixturePictures(): Buffer[] {
  const bytes = readFileSync(fixture("pictures.bin"));
  const pictures: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32LE(at);
    pictures.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return pictures;
}

/** A file of an archive. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the header claims instead of the truth. */
  readonly claims?: {
    readonly size?: number;
    readonly type?: string;
    readonly flags?: number;
    readonly method?: number;
  };
}

/** A tar archive. */
export function tarOf(files: readonly PackedFile[]): Buffer {
  const blocks = files.flatMap(({ name, bytes, claims }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, "utf8");
    header.write("0000644\0", 100);
    header.write(`${(claims?.size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write(claims?.type ?? "0", 156);
    header.write("ustar\x0000", 257);
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A zip archive, deflated. */
export function zipOf(files: readonly PackedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, claims } of files) {
    const packed = deflateRawSync(bytes);
    const text = Buffer.from(name, "utf8");
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(claims?.flags ?? 0x800, 2);
    common.writeUInt16LE(claims?.method ?? 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims?.size ?? bytes.length, 18);
    common.writeUInt16LE(text.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, text, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, rest, text]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}
