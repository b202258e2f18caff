/** What is measured: a task of a process that lives long, or processes from start to end. */
export interface Contender {
  readonly name: string;
  /** Who does it, and what it is called there. */
  readonly by: "camlab" | "python" | "commands" | "kernels" | "liblinear";
  readonly task: string;
}

/** A line of the table. */
export interface Row {
  /** What `--rows` calls it. */
  readonly id: string;
  readonly work: string;
  readonly unit: "ms" | "s" | "MiB";
  readonly ours: Contender;
  readonly peer: Contender;
  /** The most that ours may be of the peer's. */
  readonly goal: number;
}

const ours = (by: Contender["by"], task: string): Contender => ({ name: "camlab", by, task });
const peer = (name: string, by: Contender["by"], task: string): Contender => ({ name, by, task });

const FEATURES = peer("two Python processes, OpenCV + ONNX Runtime", "python", "features");
const LOOK = peer("Python: Pillow + ONNX Runtime + maps + OpenCV's components", "python", "look");

/** The table, in the order in which work goes. */
export const ROWS: readonly Row[] = [
  {
    id: "features",
    work: "JPEG → pooled features, 1,000 photographs, each",
    unit: "ms",
    ours: ours("camlab", "features"),
    peer: FEATURES,
    goal: 0.95,
  },
  {
    id: "look",
    work: "one `look`, five maps and boxes",
    unit: "ms",
    ours: ours("camlab", "look"),
    peer: LOOK,
    goal: 1.5,
  },
  {
    id: "torch-cam",
    work: "the same beside torch-cam",
    unit: "ms",
    ours: ours("camlab", "look"),
    peer: peer("torch-cam, network fused, channels last", "python", "torch-cam"),
    goal: 1 / 1.5,
  },
  {
    id: "look-at-all",
    work: "`lookAtAll`, maps and boxes, a photograph",
    unit: "ms",
    ours: ours("camlab", "look-at-all"),
    peer: peer("two Python processes, OpenCV + ONNX Runtime + maps", "python", "look-at-all"),
    goal: 1.5,
  },
  {
    id: "once",
    work: "`camlab look ONE.jpg`, process start to exit",
    unit: "s",
    ours: ours("commands", "look"),
    peer: peer("Python: Pillow + ONNX Runtime + maps", "commands", "look_once.py"),
    goal: 1.2,
  },
  {
    id: "train-step",
    work: "training step, 316,116 parameters, batch 16, 112 px, WebAssembly",
    unit: "ms",
    ours: ours("camlab", "train-step"),
    peer: peer("PyTorch", "python", "train-step"),
    goal: 2,
  },
  {
    id: "svm",
    work: "binary SVM, 1,000 × 768",
    unit: "ms",
    ours: ours("camlab", "svm"),
    peer: peer("liblinear, -e 0.1", "liblinear", "svm"),
    goal: 1,
  },
  ...(["ipykernel", "Deno"] as const).flatMap((name): Row[] => [
    {
      id: `kernel-start-${name.toLowerCase()}`,
      work: "kernel: start to first result",
      unit: "s",
      ours: ours("kernels", "camlab start"),
      peer: peer(name, "kernels", `${name} start`),
      goal: name === "Deno" ? 0.8 / 0.53 : 0.8 / 0.45,
    },
    {
      id: `kernel-cell-${name.toLowerCase()}`,
      work: "kernel: a trivial cell",
      unit: "ms",
      ours: ours("kernels", "camlab cell"),
      peer: peer(name, "kernels", `${name} cell`),
      goal: name === "Deno" ? 5 / 1.3 : 5 / 3.7,
    },
    {
      id: `kernels-ten-${name.toLowerCase()}`,
      work: "ten kernels at once: all first results",
      unit: "s",
      ours: ours("kernels", "camlab ten"),
      peer: peer(name, "kernels", `${name} ten`),
      goal: name === "Deno" ? 2 / 1.1 : 2 / 1.6,
    },
    {
      id: `kernels-memory-${name.toLowerCase()}`,
      work: "ten kernels at once: memory each (PSS)",
      unit: "MiB",
      ours: ours("kernels", "camlab memory"),
      peer: peer(name, "kernels", `${name} memory`),
      goal: name === "Deno" ? 100 / 173 : 100 / 37,
    },
  ]),
];
