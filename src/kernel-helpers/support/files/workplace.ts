import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sha256 } from "../hash.js";
import { makeFolder } from "../make-folder.js";

/** A folder in which one process alone prepares what shall appear elsewhere at once and whole. */
export interface Workplace {
  readonly folder: string;
  /**
   * Whether the folder is still this process's own: another takes it over when this one has shown no life for long (a
   * machine that slept), and what this one writes then fails for want of the folder.
   */
  isOwn(): boolean;
  /** Moves the folder to its target. False when the target had come to be meanwhile: then the work is thrown away. */
  publish(): Promise<boolean>;
  /** Leaves the folder to whoever goes on with the work. */
  release(): Promise<void>;
}

const SIGN = ".unfinished";
/** Milliseconds between two signs of life. */
const BEAT = 1000;
/** How long a folder must have shown no life: of a process that is gone, and of one that is there or on another machine. */
const GONE = 4000;
const SILENT = 30_000;
const POLL = 150;

/**
 * A workplace for the folder `target`: what a process that was stopped left unfinished, or a new one. While another
 * process works on the same target, this one waits.
 *
 * Correct without locks: a workplace is taken by renaming it, which one process alone can do, and published by another
 * rename. What the waiting saves is doing the work twice.
 *
 * @returns nothing as soon as the target exists
 * @throws CamlabError when the target's folder cannot be made, the file system's own error for what fails in it; the signal's
 * reason when aborted
 * @example
 * const place = await workplaceFor("cache/birds");
 * if (place) { await drawInto(place.folder); await place.publish(); }
 */
export async function workplaceFor(target: string, signal?: AbortSignal): Promise<Workplace | undefined> {
  const path = resolve(target);
  await makeFolder(dirname(path));
  const watched = new Map<string, Sight>();
  for (;;) {
    signal?.throwIfAborted();
    if (existsSync(path)) return undefined;
    const all = await workplacesOf(path);
    const taken = await takeOver(path, await abandoned(path, all, watched));
    if (taken !== undefined) return workplace(path, taken);
    if (all.length === 0) {
      const name = ownName();
      await mkdir(placed(path, name));
      // Of two that begin at once, the first in the alphabet goes on.
      if ((await workplacesOf(path)).every((other) => other >= name)) return workplace(path, name);
      await rm(placed(path, name), { recursive: true, force: true });
    }
    await wait(POLL, undefined, { signal });
  }
}

/** When a workplace was first seen in the state that it is in. */
interface Sight {
  readonly beat: number;
  readonly since: number;
}

/** Names of workplaces, without what all have in common. */
async function workplacesOf(path: string): Promise<string[]> {
  const prefix = basename(path) + SIGN;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name === prefix || name.startsWith(`${prefix}-`))
    .map((name) => name.slice(prefix.length));
}

function placed(path: string, name: string): string {
  return join(dirname(path), `${basename(path)}${SIGN}${name}`);
}

function ownName(): string {
  return `-${machine()}-${process.pid}-${randomBytes(4).toString("hex")}`;
}

function machine(): string {
  return sha256(hostname()).slice(0, 8);
}

async function abandoned(path: string, names: readonly string[], watched: Map<string, Sight>): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const beat = await stat(placed(path, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (beat === undefined) continue;
    const seen = watched.get(name);
    if (seen?.beat !== beat) watched.set(name, { beat, since: Date.now() });
    const watchedFor = seen?.beat === beat ? Date.now() - seen.since : 0;
    const [, where, pid] = /^-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
    const isHere = where === machine();
    if (where === undefined) found.push(name);
    // Clocks are compared on one machine only.
    else if (isHere && !isAlive(Number(pid))) {
      if (Math.max(watchedFor, Date.now() - beat) >= GONE) found.push(name);
    } else if (watchedFor >= SILENT) found.push(name);
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Makes the first of the workplaces this process's own, and removes the others. */
async function takeOver(path: string, names: readonly string[]): Promise<string | undefined> {
  let own: string | undefined;
  for (const name of names) {
    const mine = ownName();
    try {
      await rename(placed(path, name), placed(path, mine));
    } catch (error) {
      // Another was faster.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw error;
    }
    if (own === undefined) own = mine;
    else await rm(placed(path, mine), { recursive: true, force: true });
  }
  return own;
}

async function workplace(path: string, name: string): Promise<Workplace> {
  const folder = placed(path, name);
  const live = () => utimes(folder, new Date(), new Date()).catch(() => {});
  await live();
  const beating = setInterval(() => void live(), BEAT);
  beating.unref();
  return {
    folder,
    isOwn: () => existsSync(folder),
    publish: async () => {
      clearInterval(beating);
      try {
        await rename(folder, path);
        return true;
      } catch (error) {
        if (!existsSync(path) || !existsSync(folder)) throw error;
        await rm(folder, { recursive: true, force: true });
        return false;
      }
    },
    release: async () => {
      clearInterval(beating);
      await rename(folder, placed(path, `-free-${randomBytes(4).toString("hex")}`)).catch(() => {});
    },
  };
}
