// One host process, and what becomes of it when a mutant never ends.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { HostReply, HostRequest, HostSetting } from "./host.js";

/** A host that is asked one thing at a time. */
export class HostProcess {
  readonly #child: ChildProcess;

  private constructor(folder: string) {
    this.#child = fork(fileURLToPath(new URL("./host.ts", import.meta.url)), {
      cwd: folder,
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }

  /** Starts one; gives what it says first. */
  static async open(
    folder: string,
    setting: HostSetting,
  ): Promise<{ host: HostProcess; reply: HostReply | undefined }> {
    const host = new HostProcess(folder);
    return { host, reply: await host.ask(setting, 300_000) };
  }

  /** The answer, or nothing when there was none in time or the process ended. */
  async ask(request: HostSetting | HostRequest, limit: number): Promise<HostReply | undefined> {
    return new Promise((resolve) => {
      const done = (reply: HostReply | undefined) => {
        clearTimeout(timer);
        this.#child.off("exit", onExit);
        this.#child.off("message", done);
        resolve(reply);
      };
      const onExit = () => done(undefined);
      const timer = setTimeout(() => {
        this.#child.kill("SIGKILL");
      }, limit);
      this.#child.once("exit", onExit);
      this.#child.once("message", done);
      if (this.#child.connected) this.#child.send(request);
      else done(undefined);
    });
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }
}
