// Submits made-up pictures to a queue: node --import tsx bench/scale/recorded-submitter.ts OPTIONS-AS-JSON
import { saveFeatures } from "../../src/kernel-helpers/features/feature-files.js";
import { submitFeatures } from "../../src/kernel-helpers/queue/submit-features.js";

/** What a submitter is started with. */
export interface RecordedSubmitter {
  readonly queue: string;
  /** Of the job; the pictures' names lie in it. */
  readonly folder: string;
  readonly pictures: number;
  readonly shardSize: number;
  readonly out?: string;
}

const { queue, folder, pictures, shardSize, out } = JSON.parse(process.argv[2]) as RecordedSubmitter;
const list = Array.from({ length: pictures }, (_, i) => ({
  file: `${folder}/${i % 97 === 5 ? "broken" : "photo"}-${String(i).padStart(7, "0")}.jpg`,
}));
const job = await submitFeatures(list, { queue, folder, shardSize });
if (out !== undefined) await saveFeatures(await job.merged(), out);
