import { type Command, Option } from "commander";
import type { Exit } from "../../exit.js";
import { addDrawnOptions, positiveInteger, positiveNumber } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { addNetworkOptions } from "../../network-flags.js";

const QUESTIONS =
  "VQA's file of questions, a plain JSON list of { image, question, answer, answers }, or a folder that dataset make questions drew";

/** Adds `camlab discover answers train|test|ask`. */
export function addDiscoverAnswers(discover: Command, exit: Exit): void {
  const answers = discover
    .command("answers")
    .description("answers to questions about photos, and where in the photo they come from: train, test, ask");
  addDrawnOptions(withQuestions(answers.command("train")), { train: "learn from", seed: "of the drawings" })
    .description("learn answers from questions about photos; drawn pictures unless told otherwise")
    .requiredOption("-o, --out <model.json>", "where to write the model")
    .addOption(
      new Option(
        "--image-weights <kind>",
        "one set for all questions (iBOWIMG, unless given), more by a question's beginning, none",
      ).choices(["shared", "by opening", "none"]),
    )
    .option("--answers <count>", "the most frequent answers to learn, at most; 1,000 unless given", positiveInteger)
    .option("--least-per-answer <count>", "training questions of an answer, at least; 2 unless given", positiveInteger)
    .option("--least-per-word <count>", "training questions of a word, at least; 2 unless given", positiveInteger)
    .option("--least-per-opening <count>", "training questions of an opening, at least; else 20", positiveInteger)
    .option("--cost <C>", "the cost of errors against the length of the weights; 1 unless given", positiveNumber)
    .option("--json", "print one JSON document instead of text")
    .action(interruptible(exit, async () => (await import("./discover-answers-command.js")).trainAnswersCommand));
  addDrawnOptions(withQuestions(answers.command("test")), {
    test: "judge by",
    seed: "of the drawings and the intervals",
  })
    .description("VQA accuracy of a model in all, by type of question, by type of answer")
    .requiredOption("-m, --model <model.json>", "what train wrote")
    .option("--json", "print one JSON document instead of text, every question included")
    .action(interruptible(exit, async () => (await import("./discover-answers-command.js")).testAnswersCommand));
  addNetworkOptions(answers.command("ask"), { network: "the model's own network unless given" })
    .description("your own question of your own photo")
    .argument("<photo>", "a photo")
    .argument("<question...>", "what to ask of it; several, each in quotes")
    .requiredOption("-m, --model <model.json>", "what train wrote")
    .option("-t, --top <count>", "how many answers", positiveInteger, 5)
    .option("-o, --out <file>", "write the picture of photo, map, answers: .png, .svg, .html or .json")
    .option("--json", "print one JSON document instead of text, maps included")
    .action(interruptible(exit, async () => (await import("./discover-answers-command.js")).askCommand));
}

function withQuestions(command: Command): Command {
  const asking = command
    .argument("[questions]", QUESTIONS)
    .option("--annotations <file>", "VQA's file of people's answers")
    .option("--images <folder>", "the folder of the photos");
  return addNetworkOptions(asking, {
    network: "a named network or a model file; the embedded one, or the model's own, unless given",
  });
}
