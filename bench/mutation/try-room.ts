// All mutants of a room, each tried by the tests that reach it.
import type { HostReply, TestReport } from "./host.js";
import { HostProcess } from "./host-process.js";
import type { Mutant } from "./instrument.js";

/** What became of a mutant. */
export interface Verdict extends Mutant {
  /** `unreached`: no test runs that place. */
  readonly fate: "killed" | "endless" | "survived" | "unreached";
  readonly by?: string;
}

/** What a room's mutants are tried with. */
export interface Trial {
  /** The copy of the project. */
  readonly folder: string;
  readonly runner: string;
  readonly tests: readonly string[];
  /** Those of the tests that import a source, by way of others or not. */
  readonly testsOf: (path: string) => readonly string[];
  readonly mutants: readonly Mutant[];
  /** Milliseconds of work: a test that takes longer is left out. */
  readonly longest: number;
  /** After so long no mutant is begun any more. */
  readonly milliseconds: number;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** @throws an Error when the tests do not pass without a mutant */
export async function tryRoom(trial: Trial): Promise<void> {
  const { folder, runner, tests, mutants, longest, milliseconds, onVerdict } = trial;
  const setting = { runner, tests, mutants: mutants.length };
  if (tests.length === 0) return mutants.forEach((mutant) => onVerdict({ ...mutant, fate: "unreached" }));
  const first = await HostProcess.open(folder, setting);
  let { host } = first;
  const byLoading = readyOf(first.reply);
  const found = await host.ask({ baseline: longest }, 1_200_000);
  if (!found || !("tests" in found)) throw new Error("the tests do not end without a mutant");
  const reports = found.tests;
  const whyNot = ({ error, work }: TestReport) =>
    error?.split("\n")[0] ?? (work > longest ? `takes ${(work / 1000).toFixed(1)} s` : undefined);
  const good = [...reports.keys()].filter((index) => whyNot(reports[index]) === undefined);
  for (const report of reports)
    if (whyNot(report)) process.stderr.write(`  left out: ${report.name}: ${whyNot(report)}\n`);

  const ask = async (mutant: number, wanted: readonly number[]): Promise<HostReply | undefined> => {
    if (host.ended) ({ host } = await HostProcess.open(folder, setting));
    return host.ask({ mutant, tests: wanted }, limitOf(reports, wanted));
  };
  const reaches = reports.map((report) => new Set(report.reaches));
  const kills = new Map<string, number>();
  const killsOf = ({ path }: Mutant, index: number) => kills.get(`${path} ${reports[index].name}`) ?? 0;
  const began = performance.now();
  for (const mutant of mutants) {
    if (performance.now() - began > milliseconds) break;
    // What has caught most in this file comes first, then what is fastest.
    const wanted = good
      .filter((index) => reaches[index].has(mutant.id))
      .sort((a, b) => killsOf(mutant, b) - killsOf(mutant, a) || reports[a].milliseconds - reports[b].milliseconds);
    let verdict: Verdict = { ...mutant, fate: "unreached" };
    if (wanted.length > 0) {
      let answer = await ask(mutant.id, wanted);
      if (answer && "spoilt" in answer && answer.spoilt) {
        host.close();
        await new Promise((resolve) => setTimeout(resolve, 50));
        answer = await ask(mutant.id, wanted);
      }
      verdict = verdictOf(mutant, answer);
    }
    if (byLoading.has(mutant.id) && (verdict.fate === "survived" || verdict.fate === "unreached")) {
      verdict = await tryFromTheStart(trial, mutant, good, reports);
    }
    const key = `${mutant.path} ${verdict.by}`;
    kills.set(key, (kills.get(key) ?? 0) + 1);
    onVerdict(verdict);
  }
  host.close();
}

/** A place that is reached while modules load is tried in a process of its own, by the files that import it. */
async function tryFromTheStart(
  { folder, runner, testsOf, mutants }: Trial,
  mutant: Mutant,
  good: readonly number[],
  reports: readonly TestReport[],
): Promise<Verdict> {
  const tests = testsOf(mutant.path);
  const loaded = [...reports.keys()].filter((index) => tests.includes(reports[index].file));
  const wanted = good.filter((index) => loaded.includes(index)).map((index) => loaded.indexOf(index));
  const setting = { runner, tests, mutants: mutants.length, from: mutant.id };
  const { host, reply } = await HostProcess.open(folder, setting);
  try {
    if (!reply) return { ...mutant, fate: "endless" };
    if ("ready" in reply && reply.error !== undefined) return { ...mutant, fate: "killed", by: "loading" };
    return verdictOf(mutant, await host.ask({ mutant: mutant.id, tests: wanted }, limitOf(reports, good)));
  } finally {
    host.close();
  }
}

function verdictOf(mutant: Mutant, answer: HostReply | undefined): Verdict {
  if (!answer) return { ...mutant, fate: "endless" };
  const by = "killedBy" in answer ? answer.killedBy : undefined;
  return by === undefined ? { ...mutant, fate: "survived" } : { ...mutant, fate: "killed", by };
}

function readyOf(reply: HostReply | undefined): Set<number> {
  if (!reply || !("ready" in reply)) throw new Error("the tests cannot be loaded");
  if (reply.error !== undefined) throw new Error(`the tests cannot be loaded: ${reply.error}`);
  return new Set(reply.reachedByLoading);
}

/** Ten times what the tests and their suites' hooks took, and ten seconds: machines are shared. */
function limitOf(reports: readonly TestReport[], tests: readonly number[]): number {
  const openings = new Map(tests.map((index) => [reports[index].suite, reports[index].opening]));
  const all = [...tests.map((index) => reports[index].milliseconds), ...openings.values()];
  return 10_000 + 10 * all.reduce((sum, each) => sum + each, 0);
}
