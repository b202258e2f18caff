/** A module in AssemblyScript, and how it is compiled. */
interface Module {
  readonly file: string;
  readonly options: readonly string[];
}
export const MODULES: {
  readonly solver: Module;
  readonly products: Module;
  readonly jpeg: Module;
  readonly values: Module;
  readonly forest: Module;
};
export function compileWasm(module: Module): Promise<Uint8Array>;
