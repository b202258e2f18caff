import { nameOf, type Picture, type PictureSet } from "../../images/picture.js";
import type { PhotoQuestion } from "./photo-question.js";

/** The questions of a set of pictures, one by one, with where their evidence is; a question's own split goes before its picture's. */
export function questionsOf({ pictures }: Pick<PictureSet, "pictures">): PhotoQuestion[] {
  return pictures.flatMap((picture) =>
    (picture.questions ?? []).map((asked) => ({ ...placeOf(picture, asked), ...asked })),
  );
}

function placeOf({ file, id, split, objects }: Picture, asked: NonNullable<Picture["questions"]>[number]) {
  const thing = new Map(objects?.map((object) => [object.id, object]));
  const named = (asked.objects ?? []).flatMap((id) => thing.get(id) ?? []);
  const evidence = named.map(({ name, box, mask }) => ({ name, box, ...(mask && { mask }) }));
  const around = evidence.length === 0 && asked.box ? [{ box: asked.box }] : evidence;
  return {
    file: nameOf({ file, id }),
    ...(split !== undefined && { split }),
    ...(around.length > 0 && { evidence: around }),
  };
}
