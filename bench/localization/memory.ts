// Many pictures judged in one run: rate and memory at each tenth, the embedded network, its maps kept on disk unless said
// otherwise. Pictures are links to a few hundred drawn ones.
//
//   node --import tsx bench/localization/memory.ts [pictures, 50000] [--no-cache] [--kill SECONDS]
//
// With --kill the run is a process of its own that is killed with SIGKILL after so many seconds and begun again, until one
// comes to its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boxes, openNetwork, type Picture, world } from "../../src/index.js";
import { makeDataset } from "../../src/world/make-dataset.js";
import { benchArguments } from "../arguments.js";

const { values, positionals } = benchArguments({ kill: "", folder: "" }, ["no-cache"]);
const count = Number(positionals[0] ?? 50_000);
const folder = values.folder || mkdtempSync(join(tmpdir(), "camlab-memory-"));

if (values.kill) {
  for (let run = 1; ; run++) {
    const own = [...process.execArgv, fileURLToPath(import.meta.url), String(count), "--folder", folder];
    const child = spawn(process.execPath, own, { stdio: "inherit" });
    const timer = setTimeout(() => child.kill("SIGKILL"), 1000 * Number(values.kill));
    const [code] = (await once(child, "exit")) as [number | null];
    clearTimeout(timer);
    console.log(code === 0 ? `run ${run} came to its end` : `run ${run} was killed`);
    if (code === 0) break;
  }
  rmSync(folder, { recursive: true });
} else {
  await judge();
  if (!values.folder) rmSync(folder, { recursive: true });
}

async function judge(): Promise<void> {
  const drawn = join(folder, "drawn");
  // Same seed, same bytes: a run that is begun again draws what the one before it drew.
  await makeDataset("objects", drawn, { seed: 1, train: 0, val: 0, test: 300 });
  const set = await world.readWorld(drawn);
  function* pictures(): Generator<Picture> {
    const links = mkdtempSync(join(folder, "links-"));
    for (let i = 0; i < count; i++) {
      const { file, labels, objects } = set.pictures[i % set.pictures.length];
      const name = join(links, `${String(i).padStart(7, "0")}.png`);
      linkSync(file, name);
      yield { file: name, label: labels?.[0], objects };
    }
  }
  using network = await openNetwork();
  const began = performance.now();
  let [next, before, last] = [1, 0, began];
  const report = await boxes.evaluateLocalization(network, pictures(), {
    cache: values["no-cache"] ? false : join(folder, "cache"),
    onProgress: ({ done }) => {
      if (done < (next * count) / 10) return;
      const now = performance.now();
      const { rss, heapUsed, external } = process.memoryUsage();
      const megabytes = [rss, heapUsed, external].map((bytes) => Math.round(bytes / 2 ** 20));
      const rate = (1000 * (done - before)) / (now - last);
      console.log(
        `${done} pictures: ${rate.toFixed(0)}/s; ${megabytes[0]} MB, of it heap ${megabytes[1]}, arrays ${megabytes[2]}`,
      );
      [before, last] = [done, now];
      while ((next * count) / 10 <= done) next += 1;
    },
  });
  const judgedAt = Math.round(process.resourceUsage().maxRSS / 1024);
  const out = join(folder, "boxes.arrow");
  await boxes.saveLocalization(report, out);
  const right = report.protocol === "cvpr2016" ? (100 * report.knownClass.value).toFixed(2) : "";
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${report.cases} cases in ${seconds.toFixed(0)} s, ${report.skipped.length} skipped, ${right} % right; ` +
      `most memory: judging ${judgedAt} MB, saving ${Math.round(process.resourceUsage().maxRSS / 1024)} MB; ` +
      `results by picture: ${(statSync(out).size / 2 ** 20).toFixed(0)} MB`,
  );
}
