// Two checkouts of camlab, each in a process of its own, asked the same in turn: what benches that compare them share.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

/** In a process that {@link forkCheckouts} started: the checkout that it stands for. */
export const checkout = process.send ? process.argv[2] : undefined;

/** In such a process: answers what it is asked, once it has said what it is ready for. */
export function answerQuestions(ready: unknown, answer: (question: string) => Promise<unknown>): void {
  process.on("message", (question: string) => void answer(question).then((reply) => process.send!(reply)));
  process.send!(ready);
}

/**
 * Starts a script twice, for this checkout and for another one.
 *
 * @param file the script's path
 * @returns both processes, this checkout's first, and what that one is ready for
 */
export async function forkCheckouts<Ready>(
  file: string,
  other: string,
): Promise<{ readonly sides: readonly ChildProcess[]; readonly ready: Ready }> {
  const start = (folder: string) => fork(file, [folder], { execArgv: ["--import", "tsx"], stdio: "inherit" });
  const sides = [start(resolve(import.meta.dirname, "..")), start(resolve(other))];
  const [[ready]] = (await Promise.all(sides.map((side) => once(side, "message")))) as [Ready][];
  return { sides, ready };
}

/** What each side answers to a question, round after round; they take turns at being first. */
export async function askInTurn<Answer>(
  sides: readonly ChildProcess[],
  question: string,
  rounds: number,
): Promise<readonly Answer[][]> {
  const answers = sides.map((): Answer[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) {
      sides[i].send(question);
      const [answer] = (await once(sides[i], "message")) as [Answer];
      answers[i].push(answer);
    }
  }
  return answers;
}
