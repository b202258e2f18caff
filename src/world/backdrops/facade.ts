import { between, happens, pick } from "../pen/chance.js";
import { hsl, shade } from "../pen/colour.js";
import { open, rect } from "../pen/path.js";
import type { DrawBackdrop } from "./draw-backdrop.js";
import { sky } from "./land.js";

const SIDE = 224;

/** The front of a house close by: bricks, boards or plaster, windows, stripes of an awning, a pavement. */
export const facade: DrawBackdrop = (canvas, { horizon }, random) => {
  const { pen } = canvas;
  const top = happens(random, 0.4) ? between(random, 15, 50) : 0;
  if (top) sky(canvas, random, top + 10);
  const wall = hsl(
    pick(random, [between(random, 5, 45), between(random, 0, 360)]),
    between(random, 0.05, 0.4),
    between(random, 0.35, 0.75),
  );
  canvas.surface("building", () => {
    pen.fill(rect(0, top, SIDE, SIDE), wall, { to: shade(wall, -0.12), material: "plaster" });
    const kind = pick(random, ["bricks", "boards", "plaster", "blocks"]);
    const [w, h] =
      kind === "blocks"
        ? [between(random, 26, 40), between(random, 12, 18)]
        : [between(random, 12, 20), between(random, 5, 9)];
    let lines = "";
    if (kind !== "plaster") {
      for (let y = top, row = 0; y < horizon; y += h, row++) {
        lines += open(0, y, SIDE, y);
        if (kind !== "boards") for (let x = row % 2 ? w / 2 : 0; x < SIDE; x += w) lines += open(x, y, x, y + h);
      }
    }
    if (lines) pen.scratch(lines, shade(wall, happens(random, 0.5) ? -0.3 : 0.35), 0.8, { opacity: 0.8 });
  });
  const columns = pick(random, [2, 3, 4]);
  canvas.surface("window", () => {
    for (let column = 0; column < columns; column++) {
      const x = (SIDE / columns) * (column + 0.5) - 17;
      const frame = shade(wall, pick(random, [0.5, -0.5]));
      pen.fill(rect(x, top + 12, 34, 44), frame);
      pen.mark(rect(x + 3, top + 15, 28, 38), hsl(210, 0.2, between(random, 0.2, 0.5)), { to: hsl(205, 0.2, 0.6) });
      pen.scratch(open(x + 17, top + 15, x + 17, top + 53), frame, 2);
      if (happens(random, 0.5))
        for (let y = top + 20; y < top + 52; y += 5) pen.scratch(open(x + 4, y, x + 30, y), shade(frame, -0.2), 1.6);
    }
  });
  canvas.surface("pavement", () => {
    const stone = hsl(between(random, 0, 60), 0.06, between(random, 0.4, 0.66));
    pen.fill(rect(0, horizon, SIDE, SIDE - horizon), stone, { to: shade(stone, -0.12), material: "tiles" });
    pen.mark(rect(0, horizon, SIDE, 2), shade(stone, -0.4));
  });
};
