import type { Command } from "commander";

/** Where pictures come from, in the layouts that more than one task reads or that only need a name. */
const FLAGS = {
  ade20k: ["<folder>", "photographs in the layout of ADE20K 2021"],
  labelme: ["<folder>", "annotations of LabelMe or SUN; the images in the folder Images beside it"],
  coco: ["<instances.json>", "COCO instances"],
  yolo: ["<folder>", "images/, labels/ and classes.json or classes.txt"],
  images: ["<folder>", "where the images of annotations in a file are"],
  stanford40: ["<folder>", "photographs in the layout of Stanford-40 Actions"],
  event8: ["<folder>", "photographs in the layout of UIUC Event8"],
  cub: ["<folder>", "photographs in the layout of CUB-200-2011"],
  icdar: ["<folder>", "photographs in the layout of ICDAR 2015: crops with text against crops without"],
  svt: ["<list.xml>", "the same from a list of Street View Text"],
} as const;

/** Adds the flags of the data sets that a task reads. */
export function addDataSets(command: Command, ...names: readonly (keyof typeof FLAGS)[]): Command {
  for (const name of names) {
    const [value, help] = FLAGS[name];
    command.option(`--${name} ${value}`, help);
  }
  return command;
}
