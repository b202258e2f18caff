import type { Canvas } from "../canvas.js";
import type { Random } from "../../kernel-helpers/support/random.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import { hsl, shade } from "../pen/colour.js";
import { poly, rect } from "../pen/path.js";
import type { DrawBackdrop } from "./draw-backdrop.js";
import { sky } from "./land.js";

const SIDE = 224;

/** A street: houses in a row under the sky, a pavement, the road. */
export const street: DrawBackdrop = (canvas, { horizon }, random) => {
  const { pen } = canvas;
  sky(canvas, random, horizon);
  houses(canvas, random, horizon);
  const kerb = horizon + (SIDE - horizon) * between(random, 0.28, 0.45);
  const stone = hsl(between(random, 0, 60), 0.06, between(random, 0.45, 0.68));
  canvas.surface("pavement", () => {
    pen.fill(rect(0, horizon, SIDE, SIDE - horizon), stone, { to: shade(stone, -0.1), material: "tiles" });
  });
  canvas.surface("road", () => {
    const tar = hsl(between(random, 200, 260), 0.04, between(random, 0.26, 0.42));
    pen.fill(rect(0, kerb, SIDE, SIDE - kerb), tar, { to: shade(tar, -0.15), material: "asphalt" });
    pen.mark(rect(0, kerb - 2.5, SIDE, 4), shade(stone, 0.3));
    const y = kerb + (SIDE - kerb) * 0.55;
    let dashes = "";
    for (let x = between(random, -30, 0); x < SIDE; x += 52)
      dashes += poly(x, y, x + 28, y, x + 24, y + 5, x - 4, y + 5);
    pen.mark(dashes, [226, 222, 206], { opacity: 0.8 });
  });
};

/** A row of house fronts that stand on the horizon line. */
function houses(canvas: Canvas, random: Random, horizon: number): void {
  const { pen } = canvas;
  canvas.surface("building", () => {
    for (let x = between(random, -30, 0); x < SIDE;) {
      const width = between(random, 38, 80);
      const height = between(random, 0.55, 1.25) * horizon;
      const wall = hsl(
        pick(random, [between(random, 10, 50), between(random, 0, 360)]),
        between(random, 0.05, 0.35),
        between(random, 0.4, 0.75),
      );
      pen.fill(rect(x, horizon - height, width - 1, height + 2), wall, { to: shade(wall, -0.15), material: "plaster" });
      if (happens(random, 0.4))
        pen.fill(
          poly(x, horizon - height, x + width / 2, horizon - height - 16, x + width - 1, horizon - height),
          shade(wall, -0.5),
          { material: "stone" },
        );
      const [columns, rows] = [whole(random, 2, 4), Math.max(2, Math.round(height / 30))];
      const [w, h] = [width / columns, (height - 24) / rows];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const pane = happens(random, 0.15) ? hsl(44, 0.7, 0.7) : hsl(210, 0.16, between(random, 0.2, 0.45));
          pen.mark(rect(x + column * w + w * 0.2, horizon - height + 8 + row * h, w * 0.6, h * 0.62), pane);
        }
      }
      pen.mark(rect(x + width * between(random, 0.2, 0.6), horizon - 18, 9, 19), shade(wall, -0.6));
      x += width;
    }
  });
}
