import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a script that prints `done N` as it goes on; it is killed once it has said so of `killAfter`. */
export function runAndKill(
  script: URL,
  options: readonly string[],
  killAfter = Infinity,
): Promise<{ readonly said: string; readonly killed: boolean }> {
  const running = spawn(process.execPath, ["--import", "tsx", fileURLToPath(script), ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  running.stdout.setEncoding("utf8").on("data", (part: string) => {
    said += part;
    if (said.includes(`done ${killAfter}\n`)) running.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    running.on("error", reject);
    running.on("close", (_, signal) => resolve({ said, killed: signal === "SIGKILL" }));
  });
}
