// Stands in for `node:test` where tests are run again and again in one process: it only remembers them.

/** A test or a hook. */
export type Work = (context: Context) => unknown;

/** What tests are given. */
export interface Context {
  diagnostic(message: string): void;
}

/** Tests that share hooks: a file's, or a `describe`'s. */
export interface Suite {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  readonly tests: { readonly name: string; readonly run: Work }[];
  readonly parent?: Suite;
  /** What its own body was when it is not finished yet. */
  ready?: Promise<unknown>;
}

/** All suites in the order in which they were met. */
export const suites: Suite[] = [];

let current: Suite | undefined;

/** Begins a file. */
export function beginFile(name: string): void {
  current = open(name, undefined);
}

function open(name: string, parent: Suite | undefined): Suite {
  const suite: Suite = { name, before: [], after: [], beforeEach: [], afterEach: [], tests: [], parent };
  suites.push(suite);
  return suite;
}

type Given = [name: string, work: Work] | [name: string, options: { readonly skip?: unknown }, work: Work];

function parts(given: Given): { name: string; work: Work; skip: boolean } {
  const work = given[given.length - 1] as Work;
  const options = given.length > 2 ? (given[1] as { readonly skip?: unknown }) : {};
  return { name: given[0], work, skip: Boolean(options.skip) };
}

export function test(...given: Given): void {
  const { name, work, skip } = parts(given);
  if (!skip) current!.tests.push({ name, run: work });
}

export { test as it };

export function describe(...given: Given): void {
  const { name, work, skip } = parts(given);
  if (skip) return;
  const outer = current;
  current = open(name, outer);
  current.ready = Promise.resolve(work({ diagnostic() {} }));
  current = outer;
}

export function before(work: Work): void {
  current!.before.push(work);
}

export function after(work: Work): void {
  current!.after.push(work);
}

export function beforeEach(work: Work): void {
  current!.beforeEach.push(work);
}

export function afterEach(work: Work): void {
  current!.afterEach.push(work);
}
