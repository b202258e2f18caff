// Drawn beaches in a folder of the YOLO layout.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePng } from "../../src/kernel-helpers/images/files/encode.js";
import { drawTeachingScene, teachingScene } from "../../src/kernel-helpers/networks/teaching-scene.js";

/** Beaches with a ball or with a towel, a sun over all of them, as images/, labels/ and classes.txt. */
export async function writeTeachingYolo(folder: string, count: number): Promise<void> {
  for (const name of ["images", "labels"]) mkdirSync(join(folder, name));
  const names = ["sun", "red ball", "towel"] as const;
  writeFileSync(join(folder, "classes.txt"), names.join("\n"));
  for (let i = 0; i < count; i++) {
    const scene = teachingScene(i, ["sun", i % 2 ? "red ball" : "towel"]);
    writeFileSync(join(folder, "images", `${i}.png`), await encodePng(await drawTeachingScene(scene)));
    const lines = scene.objects.map(({ name, box: { x, y, width, height } }) => {
      const centre = [(x + width / 2) / scene.width, (y + height / 2) / scene.height];
      return [names.indexOf(name as "sun"), ...centre, width / scene.width, height / scene.height].join(" ");
    });
    writeFileSync(join(folder, "labels", `${i}.txt`), lines.join("\n"));
  }
}
