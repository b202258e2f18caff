import type { CellOutput } from "./notebook.js";
import type { MimeBundle } from "../display/mime-bundle.js";
import type { Message } from "../protocol/wire.js";

type Shown = Extract<CellOutput, { data: MimeBundle }>;

/**
 * Gathers a kernel's iopub messages into the outputs that a notebook keeps: streams joined, displays updated in place
 * (also those of earlier cells), cleared outputs removed.
 */
export class OutputCollector {
  readonly #displays = new Map<string, Set<Shown>>();

  /** A listener that adds to one cell's outputs. */
  into(outputs: CellOutput[]): (message: Message) => void {
    let clearFirst = false;
    const add = (output: CellOutput) => outputs.push(output);
    return ({ header, content }) => {
      const type = header.msg_type;
      if (clearFirst && type !== "clear_output" && type !== "status") {
        outputs.length = 0;
        clearFirst = false;
      }
      if (type === "stream") this.#addText(outputs, content as { name: "stdout"; text: string }, add);
      else if (type === "display_data" || type === "execute_result") add(this.#shown(type, content));
      else if (type === "update_display_data") this.#update(content);
      else if (type === "error") {
        const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
        add({ output_type: "error", ename, evalue, traceback });
      } else if (type === "clear_output") {
        if (content.wait) clearFirst = true;
        else outputs.length = 0;
      }
    };
  }

  #addText(
    outputs: CellOutput[],
    { name, text }: { name: "stdout" | "stderr"; text: string },
    add: (output: CellOutput) => number,
  ): void {
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else add({ output_type: "stream", name, text });
  }

  #shown(type: "display_data" | "execute_result", content: Record<string, unknown>): CellOutput {
    const data = content.data as MimeBundle;
    const metadata = (content.metadata ?? {}) as Record<string, unknown>;
    const count = content.execution_count as number | null;
    const output: Shown =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : { output_type: type, data, metadata, execution_count: count };
    const id = (content.transient as { display_id?: string } | undefined)?.display_id;
    if (id !== undefined) this.#displays.set(id, (this.#displays.get(id) ?? new Set<Shown>()).add(output));
    return output;
  }

  #update(content: Record<string, unknown>): void {
    const id = (content.transient as { display_id?: string } | undefined)?.display_id;
    for (const output of this.#displays.get(id ?? "") ?? []) {
      output.data = content.data as MimeBundle;
      output.metadata = (content.metadata ?? {}) as Record<string, unknown>;
    }
  }
}
