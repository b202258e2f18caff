import { cacheInfo, clearCache, type CacheInfo } from "../../../kernel-helpers/features/cache/cache-info.js";
import { optimisedGraphs, type OptimisedGraphs } from "../../../kernel-helpers/engines/optimised-graphs.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { say } from "../../terminal.js";

/** Flags of `camlab cache …`, as parsed. */
export interface CacheFlags {
  readonly folder?: string;
  readonly json?: boolean;
}

/**
 * `camlab cache info` and `camlab cache clear`: the features and optimised graphs kept on disk.
 *
 * @returns 0
 */
export async function cacheCommand(action: "info" | "clear", { folder, json }: CacheFlags): Promise<number> {
  const info = action === "info" ? await cacheInfo({ folder }) : await clearCache({ folder });
  const optimised = await optimisedGraphs(folder, { remove: action === "clear" });
  say(json ? `${JSON.stringify({ ...info, optimised }, null, 2)}\n` : textOf(action, info, optimised));
  return 0;
}

function textOf(
  action: "info" | "clear",
  { folder, settings, rows, bytes }: CacheInfo,
  optimised: OptimisedGraphs,
): string {
  const graphs = `${optimised.graphs} networks as ONNX Runtime optimised them, ${size(optimised.bytes)}`;
  const all = `${rows} rows of features, ${size(bytes)}; ${graphs}`;
  if (action === "clear") return `removed ${all}, from ${printable(folder)}\n`;
  const lines = settings.map((each) => {
    const { network, layer, pooling } = each.setting;
    const what = `${String(network)} ${String(layer)} ${String(pooling)}`;
    return `  ${printable(what)}: ${each.rows} rows in ${each.shards} files, ${size(each.bytes)}`;
  });
  return `${[`${all}, in ${printable(folder)}`, ...lines].join("\n")}\n`;
}

function size(bytes: number): string {
  if (bytes < 2 ** 20) return `${(bytes / 2 ** 10).toFixed(0)} KiB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
