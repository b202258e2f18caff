import type { CamGridData } from "../../src/widgets/cam-grid/cam-grid-data.js";

/** Text that tries to get out of every place it is shown in. */
export const HOSTILE = `</script><script>alert(1)</script>"'&<b>\n\u0007\u202e\ud800]]>-->{{x}}\${y}`;

/** One white pixel. */
export const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==";

/** A small grid of two panels, the right half of whose photo the network saw. */
export function sampleGrid(names: readonly string[] = ["1. red disc", "2. blue square"]): CamGridData {
  return {
    photos: [
      {
        name: "shapes.png",
        uri: PIXEL,
        mutedUri: PIXEL,
        width: 400,
        height: 200,
        seen: { x: 200, y: 0, width: 200, height: 200 },
        panels: names.map((title, i) => ({
          title,
          probability: [0.934, 0.0004][i],
          heatUri: PIXEL,
          boxes: [0.2, 0.25].map((threshold) => ({
            threshold,
            box: { x: 210 + 100 * threshold, y: 30, width: 60.5, height: 40 },
          })),
        })),
      },
    ],
    legend: { colours: ["#000004", "#fcffa4"], labels: ["no evidence", "strongest of each map"] },
    opacity: 0.6,
    dimming: 0.3,
    size: 100,
    width: 1000,
    sliders: true,
    boxes: { label: "largest area above", threshold: 0.2 },
    colours: { box: "#ffffff", truth: "#4ade80" },
  };
}
