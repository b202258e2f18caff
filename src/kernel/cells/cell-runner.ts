// Runs one cell after the other on the main thread: compile, run, display the last value, report what went wrong.
import { relative } from "node:path";
import vm from "node:vm";
import { CellScope } from "./cell-scope.js";
import { Compiler } from "../compiler/compiler.js";
import type { CompiledCell } from "../compiler/compiler.js";
import { habitHint } from "../compiler/habits.js";
import { tslabApi } from "../compiler/typescript.js";
import { reportError, reportProblems } from "./error-report.js";
import type { ErrorReport } from "./error-report.js";
import { SourceFiles } from "./source-files.js";
import { Phase, Slot } from "../protocol/thread-messages.js";
import type { FromMain, PublishKind, ToMain } from "../protocol/thread-messages.js";
import { described } from "../display/described.js";
import { mimeBundle, plainBundle } from "../display/mime-bundle.js";
import { OutputLimit } from "./output-limit.js";
import { currentCell, Interrupted, RunningCell } from "./running-cell.js";
import type { Content } from "../protocol/wire.js";

type ExecuteRequest = Extract<ToMain, { type: "execute" }>;

/** The cells of one kernel. One runs at a time; what it started may go on after it. */
export class CellRunner {
  readonly compiler = new Compiler(process.cwd());
  readonly #scope: CellScope;
  readonly #shared: Int32Array;
  readonly #send: (message: FromMain) => void;
  readonly #files = new SourceFiles();
  readonly #limit: OutputLimit;
  #latest = new RunningCell("", 0);
  #runs = 0;

  constructor(shared: Int32Array, send: (message: FromMain) => void) {
    this.#shared = shared;
    this.#send = send;
    this.#limit = new OutputLimit((cell, name, text) => send({ type: "stream", cell, name, text }));
    this.#files.installInStacks();
    this.#scope = new CellScope(process.cwd(), shared, {
      compile: (path, source) => this.compiler.compileModule(path, source),
      virtualSource: (path) => this.compiler.virtualSource(path),
      onCompiled: (path, { locate }) => this.#files.add(path, { name: relative(process.cwd(), path), locate }),
      specials: { tslab: () => tslabApi((data, update) => this.#showRaw(data as Content, update)) },
    });
  }

  /** The cell whose code is running now, also in a timer or callback that it left behind. */
  get cell(): RunningCell {
    return currentCell.getStore() ?? this.#latest;
  }

  /** Runs a cell and gives the content of its `execute_reply`. */
  async run(request: ExecuteRequest): Promise<Content> {
    const cell = new RunningCell(request.cell, request.count);
    this.#latest = cell;
    let report: ErrorReport | undefined;
    try {
      report = await this.#attempt(cell, request);
    } catch (error) {
      report = this.#report(error);
    }
    this.#limit.finish(cell);
    cell.running = false;
    this.#setPhase(Phase.idle);
    if (!report) return { status: "ok", payload: [], user_expressions: await this.#evaluate(request.expressions) };
    if (!request.silent) this.publish(cell, "error", { ...report });
    return { status: "error", ...report };
  }

  /** An error that no code caught: it fails the cell that caused it, or is shown under it when that cell is over. */
  uncaught(error: unknown): void {
    const { cell } = this;
    if (cell.reason && (error instanceof Interrupted || error === cell.reason.value)) return;
    if (cell.running) return cell.end(error);
    this.publish(cell, "error", { ...this.#report(error) });
  }

  /** Runs a callback that a cell left behind: what it prints and throws belongs to that cell, though it may be over. */
  runAfter(cell: RunningCell, task: () => void): void {
    const after = new RunningCell(cell.id, cell.count);
    after.running = false;
    currentCell.run(after, () => {
      try {
        task();
      } catch (error) {
        this.uncaught(error);
      }
    });
  }

  /** Stops the running cell at its next await or loop step. */
  interrupt(): void {
    if (this.#latest.running) this.#latest.end(new Interrupted());
  }

  /** Takes what code wrote to stdout or stderr. */
  print(name: "stdout" | "stderr", text: string): void {
    this.#limit.print(this.cell, name, text);
  }

  publish(cell: RunningCell, kind: PublishKind, content: Content): void {
    this.#send({ type: "publish", cell: cell.id, kind, content });
  }

  async #attempt(cell: RunningCell, request: ExecuteRequest): Promise<ErrorReport | undefined> {
    this.#setPhase(Phase.compiling);
    const name = `cell [${request.count}]`;
    const compiled = this.compiler.compile(request.code);
    if ("problems" in compiled) {
      const hint = habitHint(request.code, compiled.problems, (each) => Object.hasOwn(this.#scope.variables, each));
      return reportProblems(compiled.problems, request.code, name, hint);
    }
    const file = `camlab:cell-${request.count}-${++this.#runs}`;
    this.#files.add(file, { name, source: request.code, locate: compiled.locate });
    await this.#scope.prepare(compiled.javascript);

    const before = { ...this.#scope.variables };
    try {
      const value = await this.#execute(cell, file, compiled);
      this.compiler.adopt(compiled);
      if (value !== undefined && !request.silent) await this.#showResult(cell, value);
      // Rejections that nobody handled are announced at the end of this turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (cell.reason) throw cell.reason.value;
      return undefined;
    } catch (error) {
      this.#keepWhatWasMade(compiled, before);
      return this.#report(error);
    }
  }

  /** Runs the code, to its end or to the cell's, and gives the value of the last expression. */
  async #execute(cell: RunningCell, filename: string, compiled: CompiledCell): Promise<unknown> {
    const scope = this.#scope.ofCell();
    const names = Object.keys(scope).join(", ");
    const opening = `globalThis[Symbol.for("camlab.start")](async function (${names}) { `;
    const script = new vm.Script(`${opening}${compiled.javascript}\n})`, {
      filename,
      columnOffset: -opening.length,
    });
    const body = currentCell.run(cell, () => {
      this.#setPhase(Phase.firstStretch);
      try {
        startWith((code) => code(...Object.values(scope)));
        return script.runInThisContext({ breakOnSigint: true }) as Promise<void>;
      } catch (error) {
        const broken = (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
        if (broken) cell.end(new Interrupted());
        throw broken ? cell.reason?.value : error;
      } finally {
        this.#setPhase(Phase.waiting);
      }
    });
    await Promise.race([body, cell.ended]);
    const last = compiled.lastExpression;
    if (last === undefined) return undefined;
    const value = this.#scope.variables[last];
    this.#scope.variables[last] = undefined;
    return value;
  }

  async #showResult(cell: RunningCell, value: unknown): Promise<void> {
    const shown = currentCell.run(cell, () => mimeBundle(value));
    const data = await Promise.race([shown, cell.ended]);
    // What has shown itself is shown.
    if (data && Object.keys(data).length === 0) return;
    this.publish(cell, "execute_result", { execution_count: cell.count, data, metadata: described(data ?? {}) });
  }

  /** After a failure the variables that the cell gave values to stay, and those that it did not get to stay as they were. */
  #keepWhatWasMade(compiled: CompiledCell, before: Record<string, unknown>): void {
    const { variables } = this.#scope;
    if (compiled.lastExpression) variables[compiled.lastExpression] = undefined;
    this.compiler.adopt(compiled, (name) => {
      const had = Object.hasOwn(before, name);
      return Object.hasOwn(variables, name) && !(had && Object.is(before[name], variables[name]));
    });
  }

  async #evaluate(expressions: Record<string, string>): Promise<Content> {
    const answers: Content = {};
    for (const [name, code] of Object.entries(expressions)) {
      const quiet = new RunningCell("", 0);
      try {
        const compiled = this.compiler.compile(code);
        if ("problems" in compiled) {
          answers[name] = { status: "error", ...reportProblems(compiled.problems, code, "expression") };
          continue;
        }
        const value = await this.#execute(quiet, "expression", compiled);
        answers[name] = { status: "ok", data: await mimeBundle(value), metadata: {} };
      } catch (error) {
        answers[name] = { status: "error", ...this.#report(error) };
      }
    }
    this.#setPhase(Phase.idle);
    return answers;
  }

  /** What `import { display } from "tslab"` shows. */
  #showRaw(content: Content, update: boolean): void {
    const data = plainBundle(content.data as Content);
    const { display_id } = content.transient as { display_id?: string };
    const transient = display_id === undefined ? {} : { display_id };
    const shown = { data, metadata: described(data), transient };
    this.publish(this.cell, update ? "update_display_data" : "display_data", shown);
  }

  #report(error: unknown): ErrorReport {
    return reportError(error, this.#files);
  }

  #setPhase(phase: number): void {
    Atomics.store(this.#shared, Slot.phase, phase);
  }
}

type CellCode = (...values: unknown[]) => Promise<void>;

/** The script of a cell calls this with its code: called from inside the script, the code can be broken by SIGINT. */
function startWith(start: (code: CellCode) => Promise<void>): void {
  Object.defineProperty(globalThis, Symbol.for("camlab.start"), { value: start, configurable: true });
}
