import type { Message } from "@bufbuild/protobuf";

/**
 * A copy of a protobuf message with some fields replaced. Everything else is shared, not copied: weight bytes, other
 * messages, and fields that the schema does not know. (A spread would lose the defaults, which sit on the prototype.)
 */
export function changed<T extends Message>(message: T, fields: Partial<T>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as T, message, fields);
}
