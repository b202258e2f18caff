import { inOrder } from "../../../kernel-helpers/features/shards/merge-features.js";
import { savedShard } from "../../../kernel-helpers/features/shards/table-shard.js";
import { readSaved } from "../../../kernel-helpers/support/files/read-saved.js";
import { SavedObject } from "../../../kernel-helpers/support/files/saved-object.js";
import { lookDocument } from "./look-report.js";
import { say } from "../../terminal.js";

/**
 * `camlab look merge`: the document of which parts were made with `--shard`, the same to the byte as made whole.
 *
 * @returns 0
 * @throws CamlabError naming the parts that are missing, there twice, of other photos or made otherwise
 */
export async function mergeLookCommand(files: readonly string[]): Promise<number> {
  const parts = inOrder(await Promise.all(files.map(read)));
  const [{ head }] = parts;
  const { start, photo, end } = lookDocument(say);
  start(head);
  for (const { images } of parts) images.forEach(photo);
  end(parts.flatMap(({ skipped }) => skipped));
  return 0;
}

async function read(file: string) {
  const saved = new SavedObject(await readSaved(file, "what was looked at"), file);
  const { images: _images, skipped: _skipped, shard: _shard, ...head } = saved.all();
  const { network, view, preprocessing } = head;
  return {
    head,
    // What `inOrder` compares: `columns` counts what a table has.
    columns: 0,
    origin: { network, view, preprocessing },
    shard: savedShard(saved.object("shard")),
    images: saved.list("images"),
    skipped: saved.list("skipped"),
  };
}
