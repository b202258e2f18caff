import type { SceneFinding, SceneFindings } from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import { invalid } from "../../kernel-helpers/support/errors.js";

/**
 * What was found about a scene.
 *
 * @throws CamlabError when nothing was
 */
export function findScene(found: SceneFindings, scene: string): SceneFinding {
  const findings = found.scenes.find((each) => each.scene === scene);
  if (findings) return findings;
  throw invalid("scene", scene, `one of ${found.scenes.map((each) => JSON.stringify(each.scene)).join(", ")}`);
}

/** "30 held-out photos, average precision 0.93". */
export function captionOf({ photos, averagePrecision }: SceneFinding): string {
  return `${photos.length} held-out photos, average precision ${averagePrecision.toFixed(2)}`;
}
