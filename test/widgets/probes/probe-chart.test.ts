import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compile } from "vega-lite";
import type { TaskLine } from "../../../src/kernel-helpers/discovery/new-task/learn-tasks.js";
import { tableBundle } from "../../../src/kernel/display/table-html.js";
import { probeChart } from "../../../src/widgets/probes/probe-chart.js";
import { probeTable } from "../../../src/widgets/probes/probe-table.js";
import { HOSTILE } from "../sample-grid.js";
import { testGoldenSpec } from "../golden-spec.js";

const line = (task: string, classes: number, accuracy: number, skippedCount = 0): TaskLine => ({
  task,
  classes,
  train: 100,
  test: 2985,
  accuracy: { value: accuracy / 100, low: (accuracy - 1.1) / 100, high: (accuracy + 1.2) / 100, confidence: 0.95 },
  meanClassAccuracy: (accuracy - 2) / 100,
  skippedCount,
});
const lines = [line("scenes", 15, 88.3), line("text", 2, 96.5), line("birds", 40, 51.75, 3)];

describe("probeChart", () => {
  testGoldenSpec("probe-chart", () => probeChart(lines));

  test("draws bars, intervals and chance where the numbers are, in the order given, one row for each of two namesakes", async () => {
    const svg = await marksOf([line("b", 4, 50), line("a", 10, 20), line("a", 2, 80)]);
    const bars = svg.filter(({ role }) => role === "bar");
    assert.deepEqual(
      bars.map(({ width }) => Math.round(width)),
      [0.5, 0.2, 0.8].map((share) => Math.round(420 * share)),
    );
    const rows = bars.map(({ y }) => y);
    assert.ok(rows[0] < rows[1] && rows[1] < rows[2]);
    const rules = svg.filter(({ role }) => role === "rule");
    assert.deepEqual(
      rules.map(({ x, width }) => [x, x + width].map((at) => Math.round(at * 10) / 10)),
      [
        [48.9, 51.2],
        [18.9, 21.2],
        [78.9, 81.2],
      ].map((ends) => ends.map((percent) => Math.round(42 * percent) / 10)),
    );
    const chances = svg.filter(({ role, thick }) => role === "tick" && thick).map(({ x, width }) => x + width / 2);
    assert.deepEqual(chances.map(Math.round), [105, 42, 210]);
  });

  test("a hostile name stays text; no name gets into an expression", async () => {
    const chart = probeChart([line(HOSTILE, 3, 50)], { title: HOSTILE });
    assert.doesNotMatch(await chart.toHtml(), /<script>alert/);
    assert.doesNotMatch(JSON.stringify(await chart.spec()), /"(expr|filter|signal|calculate)"/);
  });

  test("refuses no lines, and numbers that are no shares", () => {
    assert.throws(() => probeChart([]), /invalid lines/);
    assert.throws(
      () => probeChart([{ ...line("x", 2, 50), accuracy: { value: 0.5, low: NaN, high: 1, confidence: 0.95 } }]),
      /invalid accuracy of x: NaN/,
    );
  });
});

test("probeTable: one row a task, percentages to one decimal, and a notebook can show it", async () => {
  const table = await probeTable(lines);
  assert.deepEqual(table.object(2), {
    task: "birds",
    classes: 40,
    train: 100,
    test: 2985,
    "accuracy %": 51.8,
    "95 % from": 50.7,
    "95 % to": 53,
    "chance %": 2.5,
    "mean class accuracy %": 49.8,
    "not read": 3,
  });
  assert.match(JSON.stringify(tableBundle(table)), /birds/);
});

interface Drawn {
  readonly role: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly thick: boolean;
}

/** What Vega itself puts where. */
async function marksOf(of: readonly TaskLine[]): Promise<Drawn[]> {
  const { View, parse } = await import("vega");
  const spec = await probeChart(of).spec();
  const view = new View(parse(compile(spec as never).spec), { renderer: "none" });
  await view.runAsync();
  const drawn: Drawn[] = [];
  const walk = (node: SceneNode) => {
    for (const item of node.items ?? []) {
      const role = { rect: item.fill === "#56b4e9" ? "bar" : "tick", rule: "rule" }[node.marktype ?? ""];
      if (role && node.role === "mark") {
        const [x, y] = [item.x ?? 0, item.y ?? 0];
        const width = role === "rule" ? (item.x2 ?? x) - x : (item.width ?? 0);
        drawn.push({ role, x, y, width, thick: width > 2 });
      }
      walk(item);
    }
  };
  walk((view.scenegraph() as unknown as { readonly root: SceneNode }).root);
  return drawn;
}

interface SceneNode {
  readonly items?: readonly SceneNode[];
  readonly marktype?: string;
  readonly role?: string;
  readonly fill?: string;
  readonly x?: number;
  readonly x2?: number;
  readonly y?: number;
  readonly width?: number;
}
