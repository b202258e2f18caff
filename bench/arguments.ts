// The command line of a script that measures: options with their defaults, flags, and what else is given.
import { parseArgs } from "node:util";

/**
 * @param defaults of options that take a value, by name
 * @param flags names of options that take none
 * @example
 * const { values, positionals } = benchArguments({ runs: "15", device: "cpu" }, ["write"]);
 */
export function benchArguments<Option extends string, Flag extends string = never>(
  defaults: Readonly<Record<Option, string>>,
  flags: readonly Flag[] = [],
): { readonly values: Record<Option, string> & Record<Flag, boolean>; readonly positionals: readonly string[] } {
  const texts = Object.entries<string>(defaults).map(([name, value]) => [name, { type: "string", default: value }]);
  const switches = flags.map((name) => [name, { type: "boolean", default: false }]);
  const options = Object.fromEntries([...texts, ...switches]) as NonNullable<
    NonNullable<Parameters<typeof parseArgs>[0]>["options"]
  >;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  return { values: values as Record<Option, string> & Record<Flag, boolean>, positionals };
}
