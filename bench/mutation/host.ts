// A process that has one instrumented file and the tests of its room loaded, and tries mutants one after the other.
import { pathToFileURL } from "node:url";
import { setEnvironmentData } from "node:worker_threads";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { SHARED } from "./instrument.js";
import { keepingFolders } from "./keep-folders.js";
import type { Suite, Work } from "./node-test.js";
import { failQuickly } from "./quick-assert.js";

/** What a host is told first. */
export interface HostSetting {
  /** Path of the module that stands in for `node:test`, as the tests import it. */
  readonly runner: string;
  readonly tests: readonly string[];
  readonly mutants: number;
  /** The mutant that is wanted from the beginning on: for places that are only reached while modules load. */
  readonly from?: number;
}

/** What a host is asked. */
export type HostRequest =
  | { /** Milliseconds of work: a test that takes longer is run once only. */ readonly baseline: number }
  | { readonly mutant: number; readonly tests: readonly number[] };

/** What a test is and what it reaches. */
export interface TestReport {
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  readonly milliseconds: number;
  /** Its suite, and the milliseconds that the suite's hooks take before its first test. */
  readonly suite: number;
  readonly opening: number;
  /** Milliseconds that processors worked on it in this process: what others do on the machine does not count. */
  readonly work: number;
  /** Mutants in it or in its suite's hooks. */
  readonly reaches: readonly number[];
  readonly error?: string;
}

/** What a host answers. */
export type HostReply =
  | { readonly ready: true; readonly reachedByLoading: readonly number[]; readonly error?: string }
  | { readonly tests: readonly TestReport[] }
  | { readonly killedBy?: string; readonly error?: string; readonly spoilt?: boolean };

/** One test that takes longer than this never ends. */
const LONGEST = 60_000;

let shared: Int32Array;
let all: { readonly suite: Suite; readonly name: string; readonly run: () => Promise<void> }[] = [];
let failure: unknown;
process.on("unhandledRejection", (error) => (failure ??= error));
process.on("uncaughtException", (error) => (failure ??= error));

process.on("disconnect", () => process.exit());

process.on("message", (message: HostSetting | HostRequest) => {
  void answer(message).then((reply) => process.send!(reply));
});

async function answer(message: HostSetting | HostRequest): Promise<HostReply> {
  if ("runner" in message) return load(message);
  if ("baseline" in message) return { tests: await baseline(message.baseline) };
  return tryMutant(message.mutant, message.tests);
}

async function load({ runner, tests, mutants, from = 0 }: HostSetting): Promise<HostReply> {
  const memory = new SharedArrayBuffer(4 * (mutants + 1));
  setEnvironmentData(SHARED, memory);
  shared = new Int32Array(memory);
  shared[0] = from;
  failQuickly();
  try {
    const { suites, beginFile } = (await import(pathToFileURL(runner).href)) as typeof import("./node-test.js");
    for (const path of tests) {
      beginFile(path);
      await import(pathToFileURL(path).href);
    }
    for (const suite of suites) await suite.ready;
    all = suites.flatMap((suite) =>
      suite.tests.map(({ name, run }) => ({ suite, name, run: () => withHooks(suite, run) })),
    );
    return { ready: true, reachedByLoading: reached() };
  } catch (error) {
    return { ready: true, reachedByLoading: [], error: messageOf(error) };
  }
}

/** Runs everything twice: what does not pass twice in one process cannot be asked again and again. */
async function baseline(longest: number): Promise<TestReport[]> {
  const first = await reportAll([...all.keys()]);
  const isShort = (index: number) => first[index].error === undefined && first[index].work <= longest;
  const second = await reportAll([...all.keys()].filter(isShort));
  return first.map((report, i) => ({ ...report, error: report.error ?? second.at(i)?.error }));
}

async function reportAll(tests: readonly number[]): Promise<TestReport[]> {
  const reports: TestReport[] = [];
  for (const [number, [suite, members]] of [...grouped(tests)].entries()) {
    shared.fill(0);
    const began = performance.now();
    const opened = await attempt(() => openSuite(suite));
    const opening = performance.now() - began;
    const byHooks = reached();
    for (const index of members) {
      shared.fill(0);
      const [started, worked] = [performance.now(), process.cpuUsage()];
      const error = opened ?? (await attempt(() => all[index].run()));
      const { user, system } = process.cpuUsage(worked);
      const [milliseconds, work] = [performance.now() - started, (user + system) / 1000];
      const reaches = [...new Set([...byHooks, ...reached()])];
      reports[index] = {
        name: all[index].name,
        file: lineage(suite)[0].name,
        milliseconds,
        suite: number,
        opening,
        work,
        reaches,
        error,
      };
    }
    await attempt(() => keepingFolders(() => closeSuite(suite)));
  }
  return reports;
}

async function tryMutant(mutant: number, tests: readonly number[]): Promise<HostReply> {
  for (const [suite, members] of grouped(tests)) {
    shared[0] = mutant;
    let error = await attempt(() => openSuite(suite));
    let killer = members[0];
    for (const index of error === undefined ? members : []) {
      error = await attempt(() => all[index].run());
      killer = index;
      if (error !== undefined) break;
    }
    shared[0] = 0;
    await attempt(() => keepingFolders(() => closeSuite(suite)));
    if (error === undefined) continue;
    return { killedBy: all[killer].name, error, spoilt: (await withoutMutant(suite, killer)) !== undefined };
  }
  return {};
}

/** A test that fails without the mutant, too, was spoilt by an earlier one. */
async function withoutMutant(suite: Suite, index: number): Promise<string | undefined> {
  const opened = await attempt(() => openSuite(suite));
  const error = opened ?? (await attempt(() => all[index].run()));
  await attempt(() => keepingFolders(() => closeSuite(suite)));
  return error;
}

function grouped(tests: readonly number[]): Map<Suite, number[]> {
  const groups = new Map<Suite, number[]>();
  for (const index of tests) {
    const { suite } = all[index];
    groups.set(suite, [...(groups.get(suite) ?? []), index]);
  }
  return groups;
}

async function openSuite(suite: Suite): Promise<void> {
  for (const outer of lineage(suite)) for (const hook of outer.before) await hook({ diagnostic() {} });
}

async function withHooks(suite: Suite, test: Work): Promise<void> {
  const all = lineage(suite);
  for (const outer of all) for (const hook of outer.beforeEach) await hook({ diagnostic() {} });
  try {
    await test({ diagnostic() {} });
  } finally {
    for (const outer of all.reverse()) for (const hook of outer.afterEach) await hook({ diagnostic() {} });
  }
}

async function closeSuite(suite: Suite): Promise<void> {
  for (const outer of lineage(suite).reverse()) for (const hook of outer.after) await hook({ diagnostic() {} });
}

function lineage(suite: Suite): Suite[] {
  return suite.parent ? [...lineage(suite.parent), suite] : [suite];
}

function reached(): number[] {
  return Array.from(shared.keys()).filter((id) => id > 0 && shared[id] === 1);
}

/** What went wrong, if anything did. */
async function attempt(work: () => unknown): Promise<string | undefined> {
  failure = undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it never ends")), LONGEST);
  });
  try {
    await Promise.race([work(), late]);
    await new Promise(setImmediate);
    return failure === undefined ? undefined : messageOf(failure);
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
  }
}
