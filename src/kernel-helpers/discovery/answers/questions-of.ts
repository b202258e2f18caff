import { listOf, type Picture, type PictureQuestion, type Pictures } from "../../images/picture.js";
import type { PhotoQuestion } from "./photo-question.js";

/**
 * The questions of pictures, one by one, with where their evidence is; a question's own split goes before its picture's.
 *
 * @example
 * const questions = discover.questionsOf(await readers.readVqa("questions.json", { annotations: "annotations.json" }));
 */
export function questionsOf(pictures: Pictures): PhotoQuestion[] {
  return listOf(pictures).flatMap((picture) =>
    (picture.questions ?? []).map((asked) => ({ ...placeOf(picture, asked), ...asked, picture })),
  );
}

function placeOf({ split, objects }: Picture, asked: PictureQuestion): Pick<PhotoQuestion, "split" | "evidence"> {
  const thing = new Map(objects?.map((object) => [object.id, object]));
  const named = (asked.objects ?? []).flatMap((id) => thing.get(id) ?? []);
  const evidence = named.map(({ name, box, mask }) => ({ name, box, ...(mask && { mask }) }));
  const around = evidence.length === 0 && asked.box ? [{ box: asked.box }] : evidence;
  return { ...(split !== undefined && { split }), ...(around.length > 0 && { evidence: around }) };
}
