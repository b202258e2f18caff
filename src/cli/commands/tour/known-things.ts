import { boxOf } from "../../../kernel-helpers/boxes/box-of.js";
import { iou } from "../../../kernel-helpers/boxes/box-geometry.js";
import { cam } from "../../../kernel-helpers/cam/cam.js";
import type { Picture } from "../../../kernel-helpers/images/picture.js";
import { camGrid } from "../../../widgets/cam-grid/cam-grid.js";
import type { PageSection } from "../../../widgets/kit/html-page.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { lookAtPictures, type TourContext } from "./tour-context.js";

const SHOWN = 5;
const JUDGED = 60;

/** What the network was taught: its top classes in a few pictures, with maps, and boxes beside the truth. */
export async function knownThings(context: TourContext): Promise<PageSection[]> {
  const { network, say } = context;
  const data = await context.draw("objects", { train: 0, test: JUDGED });
  const seen = await lookAtPictures(context, data.pictures);
  const boxesIn = ({ objects = [] }: Picture, label: string) =>
    objects.filter(({ name }) => name === label).map(({ box }) => box);
  let [boxes, right] = [0, 0];
  for (const each of seen) {
    const { picture } = each;
    for (const label of (picture.labels ?? []).filter((name) => network.classes.includes(name))) {
      const { box } = boxOf(cam(each, label));
      boxes++;
      if (box && boxesIn(picture, label).some((truth) => iou(box, truth) >= 0.5)) right++;
    }
  }
  // Another network may know few of these things, or none.
  if (boxes < seen.length) return [];
  const share = percentText(right / boxes);
  say(`objects: ${right} of ${boxes} boxes drawn from maps overlap the true one by half or more (${share})`);
  const clear = [...seen].sort((a, b) => b.top[2].probability - a.top[2].probability).slice(0, SHOWN);
  return [
    { heading: "What it was taught" },
    {
      text: `The network learned to name ${network.classes.length} kinds of things in drawn pictures. For each picture: the three classes that it is surest of, where the evidence for each is, the box around the strongest region, and in green where the thing truly is. In ${seen.length} pictures that it never saw, ${share} of the boxes around present things overlap the true one by half or more. Move the sliders: how strongly the heat covers the picture, and how much of the strongest evidence a box must hold.`,
    },
    camGrid(clear, {
      classes: 3,
      size: 230,
      caption: ({ picture }) => (picture.labels ?? []).join(", "),
      truth: ({ picture }, label) => boxesIn(picture, label),
    }),
  ];
}
