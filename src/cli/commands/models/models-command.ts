import { listZoo, removeNetwork, type ZooListing } from "../../../kernel-helpers/networks/zoo/list-zoo.js";
import { pullNetwork, type PulledNetwork } from "../../../kernel-helpers/networks/zoo/pull-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { nearestNames } from "../../../kernel-helpers/support/nearest-names.js";
import { ProgressBar } from "../../progress-bar.js";
import { say, tell } from "../../terminal.js";
import { UsageError } from "../../usage-error.js";

/** Flags of every `camlab models …`, as parsed. */
export interface ModelsFlags {
  readonly models?: string;
  readonly json?: boolean;
}

/** Flags of `camlab models pull`, as parsed. */
export interface PullFlags extends ModelsFlags {
  readonly from?: string;
  readonly name?: string;
  readonly force?: boolean;
}

/** `camlab models list`. @returns 0 */
export function listCommand({ models, json }: ModelsFlags): number {
  const all = listZoo(models);
  if (json) say(`${JSON.stringify(all, null, 2)}\n`);
  else {
    const width = Math.max(...all.map(({ name }) => name.length));
    const lines = all.map(
      ({ name, folder, megabytes, title, tried }) =>
        `${folder === undefined ? "      " : "here  "}${name.padEnd(width)}  ${`${megabytes} MB`.padStart(6)}  ${title}${tried ? "" : " (address not tried)"}`,
    );
    say(`${lines.join("\n")}\n\ncamlab models pull NAME gets one; camlab models info NAME says whose it is.\n`);
  }
  return 0;
}

/** `camlab models info NAME`. @returns 0 */
export function infoCommand(name: string, { models, json }: ModelsFlags): number {
  const found = listed(name, models);
  say(json ? `${JSON.stringify(found, null, 2)}\n` : infoText(found));
  return 0;
}

/**
 * `camlab models pull NAME…`: says whose a network is before anything is fetched.
 *
 * @returns 0
 */
export async function pullCommand(
  names: readonly string[],
  { models, json, from, name: called, force }: PullFlags,
  signal: AbortSignal,
): Promise<number> {
  if (names.length > 1 && (from !== undefined || called !== undefined)) {
    throw new UsageError("--from and --name belong to a single network: pull one at a time");
  }
  const pulled: PulledNetwork[] = [];
  for (const name of names) {
    const entry = listZoo(models).find((each) => each.name === name);
    if (entry) tell(infoText(entry));
    const bar = new ProgressBar(process.stderr);
    try {
      pulled.push(
        await pullNetwork(name, { folder: models, from, name: called, force, signal, onProgress: bar.update }),
      );
    } finally {
      bar.clear();
    }
    const last = pulled.at(-1)!;
    for (const note of last.notes) tell(`${printable(note)}\n`);
    if (!json)
      say(`${last.wasThere ? "is here already" : "pulled"}: ${printable(last.name)} in ${printable(last.folder)}\n`);
  }
  if (json) say(`${JSON.stringify(pulled, null, 2)}\n`);
  else say(`Look with it: camlab look photo.jpg --network ${printable(pulled[0].name)}\n`);
  return 0;
}

/** `camlab models rm NAME…`. @returns 0 */
export async function removeCommand(names: readonly string[], { models, json }: ModelsFlags): Promise<number> {
  const removed: string[] = [];
  for (const name of names) removed.push(await removeNetwork(name, models));
  say(json ? `${JSON.stringify(removed)}\n` : removed.map((folder) => `removed ${printable(folder)}\n`).join(""));
  return 0;
}

function listed(name: string, models: string | undefined): ZooListing {
  const all = listZoo(models);
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const [near] = nearestNames(
    name,
    all.map((each) => each.name),
  );
  throw new UsageError(
    `no network called ${JSON.stringify(name)} can be pulled${near === undefined ? "" : `, did you mean ${near}?`}; camlab models list names them`,
  );
}

function infoText({ name, title, licence, origin, megabytes, sources, tried, folder }: ZooListing): string {
  const rows: [string, string][] = [
    ["licence", licence],
    ["origin", origin],
    ["source", `${sources.join(", ")}${tried ? "" : " (not tried by camlab's makers)"}`],
    ["size", `about ${megabytes} MB`],
    ["here", folder ?? "no"],
  ];
  const lines = rows.map(([field, value]) => `  ${field.padEnd(8)} ${printable(value)}`);
  return `${printable(name)}: ${printable(title)}\n${lines.join("\n")}\n`;
}
