// Which cells of a notebook share a slide.
import { hasTag, type Notebook, type NotebookCell } from "../notebook.js";

/** A piece of a slide: a cell's text, its code with what it printed, or one of its figures, with its code if wanted. */
export interface SlidePiece {
  readonly cell: NotebookCell;
  readonly part: "all" | "code" | { readonly output: number; readonly code: boolean };
  /** It comes when the lecturer goes on. */
  readonly fragment: boolean;
}

/** One slide, with what only the lecturer reads. */
export interface Slide {
  readonly pieces: readonly SlidePiece[];
  /** The heading under which it stands, in Markdown, when it has none of its own. */
  readonly under?: string;
  readonly notes: readonly NotebookCell[];
}

interface OpenSlide extends Slide {
  readonly pieces: SlidePiece[];
  readonly notes: NotebookCell[];
}

const FIGURE = /^(image\/|application\/vnd\.vega)/;

/**
 * The slides of a notebook, in columns: forward goes to the next column, down to the next slide of a column.
 *
 * Jupyter's slide types decide (`slide`, `subslide`, `fragment`, `skip`, `notes`) where a cell has one. In a notebook
 * without any, each heading begins a column, the cells below it are slides of their own, and each figure that a cell shows
 * has a slide to itself: the code that draws it is on the figure's slide, folded, unless the cell prints something, too. Text
 * that begins with a fold (a solution) stays on the slide before it; cells tagged `parameters` or `exercise` are left out.
 *
 * @example
 * slidesOf(await notebook.readNotebook("01.ipynb")).length; // a column for each heading
 */
export function slidesOf(notebook: Notebook): readonly (readonly Slide[])[] {
  const written = notebook.cells.filter(({ source, cell_type }) => source.trim() && cell_type !== "raw");
  const byType = written.some((cell) => slideType(cell));
  const cells = byType ? written : written.filter((cell) => !NOT_SHOWN.some((tag) => hasTag(cell, tag)));
  const columns: OpenSlide[][] = [];
  let heading: string | undefined;
  const open = (beside: boolean): OpenSlide => {
    const slide: OpenSlide = { pieces: [], notes: [], under: beside ? undefined : heading };
    if (beside || columns.length === 0) columns.push([slide]);
    else columns[columns.length - 1].push(slide);
    return slide;
  };
  const last = () => columns.at(-1)?.at(-1) ?? open(true);
  for (const cell of cells) {
    const type = byType ? slideType(cell) : typeByText(cell);
    if (type === "skip") continue;
    if (type === "notes") {
      last().notes.push(cell);
      continue;
    }
    if (!byType && type === "slide") heading = /^\s*#+\s+(.+)$/m.exec(cell.source)?.[1];
    const figures = byType ? [] : figuresOf(cell);
    const onlyFigures = figures.length > 0 && cell.cell_type === "code" && figures.length === cell.outputs.length;
    if (!onlyFigures) {
      const slide = type === "slide" || type === "subslide" ? open(type === "slide") : last();
      slide.pieces.push({ cell, part: figures.length ? "code" : "all", fragment: type === "fragment" });
    }
    for (const [i, output] of figures.entries()) {
      open(false).pieces.push({ cell, part: { output, code: onlyFigures && i === 0 }, fragment: false });
    }
  }
  return columns;
}

const NOT_SHOWN = ["parameters", "injected-parameters", "exercise"];

function typeByText({ cell_type, source }: NotebookCell): string | undefined {
  if (cell_type !== "markdown") return "subslide";
  if (/^\s*<details>/.test(source)) return undefined;
  return /^\s*#/.test(source) ? "slide" : "subslide";
}

/** The numbers of a cell's outputs that are pictures or charts. */
export function figuresOf(cell: NotebookCell): readonly number[] {
  if (cell.cell_type !== "code") return [];
  return cell.outputs.flatMap((output, i) => ("data" in output && Object.keys(output.data).some((t) => FIGURE.test(t)) ? [i] : []));
}

function slideType({ metadata }: NotebookCell): string | undefined {
  const type = (metadata.slideshow as { slide_type?: unknown } | undefined)?.slide_type;
  return typeof type === "string" && type !== "" && type !== "-" ? type : undefined;
}
