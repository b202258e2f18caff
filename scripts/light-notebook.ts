// A notebook as it is committed: small enough to be read where code is hosted.
import sharp from "sharp";
import type { NotebookCells } from "./notebook-differences.js";
import { bytesOf } from "./notebook-figures.js";

/** Bytes of a chart's spec that are kept: charts of numbers stay live, photographs under maps are pictures. */
const LARGEST_SPEC = 30_000;

/**
 * The same notebook with smaller figures: those with photographs in them as JPEG instead of PNG, and without the spec that
 * holds the photographs a second time. Whoever runs the notebook has them live.
 */
export async function lightNotebook<N extends NotebookCells>(notebook: N): Promise<N> {
  const cells: N["cells"][number][] = [];
  for (const cell of notebook.cells) {
    const outputs = cell.outputs && (await Promise.all(cell.outputs.map(lightOutput)));
    cells.push(outputs ? { ...cell, outputs } : cell);
  }
  return { ...notebook, cells };
}

type Output = NonNullable<NotebookCells["cells"][number]["outputs"]>[number];

function isSmall(spec: string): boolean {
  return spec.length <= LARGEST_SPEC && !spec.includes('"data:image');
}

async function lightOutput(output: Output): Promise<Output> {
  const { "image/png": png, ...rest } = output.data ?? {};
  if (png === undefined && rest["image/jpeg"] === undefined) return output;
  const kept = Object.fromEntries(
    Object.entries(rest).filter(([type, spec]) => !/vnd\.vega/.test(type) || isSmall(JSON.stringify(spec))),
  );
  if (png === undefined) return { ...output, data: kept };
  const bytes = bytesOf(png);
  const picture = sharp(bytes).flatten({ background: "white" });
  const jpeg = await picture.jpeg({ quality: 70, chromaSubsampling: "4:4:4", mozjpeg: true }).toBuffer();
  const smaller = jpeg.length < 0.75 * bytes.length;
  return {
    ...output,
    ...(smaller && "metadata" in output && { metadata: renamed(output.metadata) }),
    data: { ...kept, ...(smaller ? { "image/jpeg": jpeg.toString("base64") } : { "image/png": png }) },
  };
}

/** What is said of the PNG is said of the JPEG in its place. */
function renamed(metadata: unknown): unknown {
  const { "image/png": said, ...rest } = (metadata ?? {}) as Record<string, unknown>;
  return said === undefined ? rest : { ...rest, "image/jpeg": said };
}
