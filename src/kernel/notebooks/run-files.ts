import { constants, existsSync } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import { makeFolder } from "../../kernel-helpers/support/make-folder.js";
import type { Notebook } from "./notebook.js";
import { notebookText, readNotebook, writeNotebook } from "./notebook-file.js";
import { writePage } from "./page/notebook-to-html.js";
import { writeSlides } from "./page/notebook-to-slides.js";
import { withoutRuntime } from "./without-runtime.js";

/** What a run writes. */
export interface RunFileOptions {
  /** Where the notebook with its outputs is written; the notebook itself when absent, nowhere when false. */
  readonly output?: string | false;
  /** Where a page of it is written. */
  readonly html?: string;
  /** Where slides of it are written. */
  readonly slides?: string;
  /** In the page and the slides, HTML and scripts that cells put out are used as they are; see `NotebookPageOptions`. */
  readonly trust?: boolean;
  /** Keep scripts that draw interactive charts in the written notebook; they are left out when absent. */
  readonly keepRuntime?: boolean;
}

/**
 * Writes the page and the slides of a notebook as it is stored, and runs nothing.
 *
 * @returns the files written
 * @throws CamlabError when the notebook cannot be read, or a file cannot be written
 */
export async function writeStored(path: string, options: RunFileOptions): Promise<string[]> {
  const files = await RunFiles.open(path, { ...options, output: false });
  return files.write(await readNotebook(path));
}

/** Why a run stopped early, and the notebook in which cells that did not run keep their outputs. */
export interface EarlyEnd {
  readonly error: Error;
  readonly kept: Notebook;
}

/** The files that a run writes. They are looked at before it begins, so that hours of work do not end in a typing error. */
export class RunFiles {
  private constructor(
    private readonly path: string,
    private readonly text: string,
    private readonly options: RunFileOptions,
  ) {}

  /**
   * @param path the notebook that will be run
   * @throws CamlabError when a file could not be written
   */
  static async open(path: string, options: RunFileOptions): Promise<RunFiles> {
    const text = await notebookText(path);
    for (const file of [options.output === false ? undefined : (options.output ?? path), options.html, options.slides]) {
      if (file !== undefined) await checkWritable(file);
    }
    return new RunFiles(path, text, options);
  }

  /**
   * Writes the notebook, then the page and the slides. Where the notebook was changed by somebody else since the run began, theirs
   * stays and the run's goes beside it.
   *
   * @returns the files written
   */
  async write(notebook: Notebook, early?: EarlyEnd): Promise<string[]> {
    const { output = this.path, html, slides, keepRuntime } = this.options;
    const page = { folder: dirname(this.path), trust: this.options.trust };
    const written: string[] = [];
    try {
      if (output !== false) {
        const inPlace = await isSameFile(output, this.path);
        const result = inPlace && early ? early.kept : notebook;
        const file = inPlace && (await this.#wasChanged()) ? besides(output) : output;
        await writeNotebook(file, keepRuntime ? result : withoutRuntime(result));
        written.push(file);
      }
      if (html !== undefined) {
        await writePage(html, notebook, page);
        written.push(html);
      }
      if (slides !== undefined) {
        await writeSlides(slides, notebook, page);
        written.push(slides);
      }
      return written;
    } catch (error) {
      if (!early) throw error;
      throw new CamlabError(`${messageOf(early.error)}\nand ${messageOf(error)}`);
    }
  }

  async #wasChanged(): Promise<boolean> {
    return (await readFile(this.path, "utf8").catch(() => "")) !== this.text;
  }
}

async function checkWritable(file: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    if (!existsSync(file)) return await access(dirname(file), constants.W_OK);
    if ((await stat(file)).isDirectory()) throw new CamlabError("it is a folder");
    await access(file, constants.W_OK);
  } catch (error) {
    throw new CamlabError(`cannot write ${file}: ${messageOf(error)}`);
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  return (await real(a)) === (await real(b));
}

function besides(path: string): string {
  return `${path.replace(/\.ipynb$/i, "")}.executed.ipynb`;
}
