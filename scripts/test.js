// `npm test`: builds, lints, checks types, then runs every test. `npm test -- test/graph` runs the tests below a path
// and nothing else. Node's own runner, on TypeScript through tsx.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { globSync } from "tinyglobby";

const given = process.argv.slice(2);
const files = (given.length ? given : ["test"]).flatMap((path) =>
  statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : [path],
);

if (!given.length) {
  run("npm", ["run", "--silent", "build"]);
  run("npm", ["run", "--silent", "typecheck"]);
  run("npm", ["run", "--silent", "lint"]);
}
if (!process.env.CAMLAB_REAL) {
  const groups = files.map((file) => readFileSync(file, "utf8").match(/describe\("real data/g)?.length ?? 0);
  const count = groups.reduce((sum, each) => sum + each, 0);
  console.log(`CAMLAB_REAL is not set: skipping ${count} groups of tests on real photographs and weights.`);
}
// Node would leave one core idle; many tests wait for kernels, browsers and commands.
run(process.execPath, [
  "--import",
  "tsx",
  "--test",
  `--test-concurrency=${Math.max(2, availableParallelism())}`,
  "--test-reporter=spec",
  // A file that hangs is named, rather than all being stopped from outside.
  "--test-timeout=1200000",
  ...files.sort(),
]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
