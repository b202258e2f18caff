import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

/** What TF.js saves, as it comes to a save handler. */
export interface Saved {
  topology: unknown;
  specs: tf.io.WeightsManifestEntry[];
  data: Uint8Array;
}

/** What TF.js saves of a model. */
export async function saved(model: LayersModel): Promise<Saved> {
  let result: Saved | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const data = artifacts.weightData as ArrayBuffer;
      result = {
        topology: JSON.parse(JSON.stringify(artifacts.modelTopology)) as unknown,
        specs: artifacts.weightSpecs ?? [],
        data: new Uint8Array(data),
      };
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  return result as Saved;
}

/** Writes a model.json and its weights, in shards of so many bytes. */
export function writeModel(folder: string, { topology, specs, data }: Saved, shard = 4_194_304): string {
  const paths: string[] = [];
  for (let at = 0; at < data.length; at += shard) {
    paths.push(`group1-shard${paths.length + 1}.bin`);
    writeFileSync(join(folder, paths[paths.length - 1]), data.subarray(at, at + shard));
  }
  const path = join(folder, "model.json");
  const manifest = [{ paths, weights: specs }];
  writeFileSync(path, JSON.stringify({ format: "layers-model", modelTopology: topology, weightsManifest: manifest }));
  return path;
}
