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

type Kernel = "ipykernel" | "Deno";

/**
 * A line about kernels. Goals are seconds, milliseconds or MiB of camlab's by those of the peer on the machine on which they
 * were set. `what`: what is measured of each, as their processes call it.
 */
function kernelRow(
  kernel: Kernel,
  id: string,
  work: string,
  unit: Row["unit"],
  what: string,
  goals: Readonly<Record<Kernel, number>>,
): Row {
  const theirs = peer(kernel, "kernels", `${kernel} ${what}`);
  return {
    id: `${id}-${kernel.toLowerCase()}`,
    work,
    unit,
    ours: ours("kernels", `camlab ${what}`),
    peer: theirs,
    goal: goals[kernel],
  };
}

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
    work: "training step, 316,116 parameters, batch 16, 112 px",
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
  ...(["ipykernel", "Deno"] as const).flatMap((name) => [
    kernelRow(name, "kernel-start", "kernel: start to first result", "s", "start", {
      ipykernel: 0.8 / 0.45,
      Deno: 0.8 / 0.53,
    }),
    kernelRow(name, "kernel-cell", "kernel: a trivial cell", "ms", "cell", { ipykernel: 5 / 3.7, Deno: 5 / 1.3 }),
    kernelRow(name, "kernels-ten", "ten kernels at once: all first results", "s", "ten", {
      ipykernel: 2 / 1.6,
      Deno: 2 / 1.1,
    }),
    kernelRow(name, "kernels-memory", "ten kernels at once: memory each (PSS)", "MiB", "memory", {
      ipykernel: 100 / 37,
      Deno: 100 / 173,
    }),
  ]),
];

/** Where a goal is not met: what the time goes to, and what was tried. By the beginning of a row's name. */
export const TRIED: Readonly<Record<string, string>> = {
  features:
    "Sequential JPEG files of up to two megapixels are decoded and resized in WebAssembly, with libjpeg's pixels, in half the " +
    "processor time that sharp takes (bench/against.ts). Threads that run the network start from one file each and wait some " +
    "seconds for the next call. What is left is mostly the network, then decoding: of a hundred photographs six carry a colour " +
    "profile that is converted, which the peer leaves out. Not taken: @julusian/jpeg-turbo, " +
    "which takes the fast, inexact transform; for Node 20 it draws in 90 packages, and its newest version crashes there.",
  "look-at-all":
    "The network runs on the next pictures while these are looked at, and JPEG files are decoded in threads. Not built: " +
    "network threads of their own, as `extractFeatures` has.",
  once:
    "One file whose compiled code is kept for each command, the network's file read and hashed once, the graph of the second " +
    "view taken from the first, boxes without stretched maps. Graphs that are kept as ONNX Runtime optimised them are not " +
    "written again. What is left: starting Node, loading ONNX Runtime, a session for each of the two views, the descriptors " +
    "and the reader of protobuf, and code that runs for the first time.",
  "train-step":
    "Loss and gradients are one ONNX graph now, in place of TF.js's WebAssembly, and the next pictures are changed while a " +
    "batch is learned from. What is left: copies for the filters' gradients and the transposed convolutions, which ONNX " +
    "Runtime runs on one core.",
  svm:
    "What is not finite is found by the rows' lengths, which the solver needs, and loops that run once are short. What is left " +
    "of a first fit is compiling the solver and memory that is touched for the first time.",
  "kernel-start":
    "The compiler is minified and its compiled code kept; of Node's declarations those that a cell looks for are parsed, and " +
    "comments when they are shown. What is left is parsing the other declarations with code that V8 has not optimised yet. Not " +
    "taken: a start-up snapshot of the compiler, quick on Node 20 to 24, but Node 20 can start one only as a second process, " +
    "which holds the snapshot and its heap beside the kernel; a compiler that one user's kernels share, which costs memory " +
    "where each kernel has a user of its own, as in a class.",
  "kernel-cell":
    "The program before is taken over whole, and writes a cell as CommonJS itself. What is left is a type checker for each " +
    "cell and the declarations for later cells. Running before types are checked was not tried: a cell with a wrong type must " +
    "not run.",
  "kernels-":
    "What a single start gained. Ten on two cores wait for all that each does, and half of that is V8 optimising the compiler " +
    "beside it. Not taken: optimising later (a flag of V8's on Node 20 alone), for cells that compute would be slower at first.",
};
