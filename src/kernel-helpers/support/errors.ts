/**
 * An error whose message is written for the person at the keyboard: what was wrong, where, and what to do.
 * Everything that camlab itself refuses is one of these; any other error is a defect.
 *
 * @example
 * throw new CamlabError("cannot read photo.jpg: the file is empty");
 */
export class CamlabError extends Error {
  override readonly name: string = "CamlabError";
}

/**
 * The error for an argument that cannot be used, in one form everywhere.
 *
 * @param name what the argument is called
 * @param value what was given
 * @param expected what would have been accepted
 * @example
 * throw invalid("threshold", 1.5, "0 ≤ t < 1"); // invalid threshold: 1.5 (expected 0 ≤ t < 1)
 */
export function invalid(name: string, value: unknown, expected: string): CamlabError {
  return new CamlabError(`invalid ${name}: ${describe(value)} (expected ${expected})`);
}

/**
 * The message of whatever was thrown, on one line's worth of text.
 *
 * @example
 * try { … } catch (error) { skipped.push({ file, error: messageOf(error) }); }
 */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // What readers say of brackets in brackets in brackets.
  return message.replace("Maximum call stack size exceeded", "its parts lie too deep in each other");
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  const text = JSON.stringify(value) ?? Object.prototype.toString.call(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
