import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { probes, wholeNumber } from "../../option-parsers.js";
import { withInterrupt } from "../../with-interrupt.js";
import type { FiguresFlags } from "./figures-command.js";

/** Adds `camlab figures`. */
export function addFiguresCommand(program: Command, exit: Exit): void {
  addNetworkOptions(program.command("figures"), { names: "--class-names" })
    .description(
      "the paper's figures of one's own photographs, as far as their labels allow: one page to scroll in a lecture",
    )
    .argument("<photos...>", "files, folders or globs")
    .requiredOption("-o, --out <page.html>", "where to write the page")
    .option(
      "--labels <list.csv|folders>",
      "a list image,label; or folders: the names of the folders that photographs lie in",
    )
    .option(
      "--boxes <path>",
      "true boxes: a list image,label,x0,y0,x1,y1 (.csv), COCO (.json), a folder of YOLO or Pascal VOC",
    )
    .option(
      "--probe <name=objects...>",
      "with --boxes: photographs with one of these objects, for what makes a scene",
      probes,
      {},
    )
    .option("--words <folder>", "outlines of words, in ICDAR's layouts")
    .option("--questions <file>", "questions with answers: image, question, answer")
    .option("--captions <file>", "captions: image,caption")
    .option("--seed <number>", "of the splits", wholeNumber, 0)
    .option("--json", "print one JSON document instead of text: every figure's numbers")
    .action(async (photos: string[], options: FiguresFlags) => {
      const { figuresCommand } = await import("./figures-command.js");
      exit.code = await withInterrupt((signal) => figuresCommand(photos, options, signal));
    });
}
