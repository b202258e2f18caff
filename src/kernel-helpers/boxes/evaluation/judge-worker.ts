import { messageOf } from "../../support/errors.js";
import { serveTasks } from "../../support/workers.js";
import { type CaseFigures, type CaseToJudge, figuresOf, type JudgingSetting } from "./judge-case.js";

serveTasks(
  (setting: JudgingSetting) =>
    (cases: readonly CaseToJudge[]): (CaseFigures | { readonly error: string })[] =>
      cases.map((one) => {
        try {
          return figuresOf(one, setting);
        } catch (error) {
          return { error: messageOf(error) };
        }
      }),
);
