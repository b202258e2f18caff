// Backprop as a way to look (Simonyan et al. 2014): the input's gradient of a class's score, its largest absolute value
// over the channels, summed over blocks of pixels. The sums are the smoothing: single pixels of a gradient are noise.
import { engines, graph, type HeatMap, images, type Network, type boxes } from "../../src/index.js";

/** Columns and rows of a block. */
const BLOCK = 8;

/** Opens the backward pass of a network; `dispose()` it. */
export async function openBackprop(network: Network): Promise<boxes.WayToLook & Disposable> {
  if (!network.graph) throw new Error(`${network.name} is no graph`);
  const whole = await network.graph();
  const input = whole.inputs[0].name;
  const { logits } = network.head;
  const name = graph.gradientName(input);
  const backward = graph.gradientOf(whole, { output: logits.name, withRespectTo: input, outputs: [] });
  const engine = await engines.createOnnxRuntimeEngine(graph.writeGraph(backward));
  const { preprocessing } = network;
  const { width, height } = preprocessing;
  return {
    name: "backprop",
    options: { block: BLOCK },
    async map({ picture, placement }, index): Promise<HeatMap> {
      const { region, flip } = picture;
      const { pixels } = await images.prepareImage(picture.file, preprocessing, { region, flip });
      const data = new Float32Array(3 * width * height);
      images.fillInput(data, 0, pixels, preprocessing);
      const seed = new Float32Array(logits.classes);
      seed[index] = 1;
      const found = await engine.run({
        [input]: { dims: [1, 3, height, width], data },
        seed: { dims: [1, logits.classes], data: seed },
      });
      return { ...blockSums(found[name].data, width, height), placement };
    },
    [Symbol.dispose]: () => engine.dispose(),
  };
}

function blockSums(gradient: Float32Array, width: number, height: number) {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  const data = new Float32Array(columns * rows);
  const area = width * height;
  for (let y = 0; y < rows * BLOCK; y++) {
    for (let x = 0; x < columns * BLOCK; x++) {
      const p = y * width + x;
      const largest = Math.max(Math.abs(gradient[p]), Math.abs(gradient[p + area]), Math.abs(gradient[p + 2 * area]));
      data[Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)] += largest;
    }
  }
  return { width: columns, height: rows, data };
}
