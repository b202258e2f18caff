import { CamlabError } from "../../support/errors.js";
import {
  type BootstrapInterval,
  bootstrapInterval,
  type BootstrapOptions,
} from "../../svm/metrics/bootstrap-interval.js";
import { moreFrequent, moreInformative, namesOf } from "./list-objects.js";
import type { SceneDiscovery, SceneFinding, SceneObject } from "./scene-findings.js";

/** What is known about objects beforehand: the truth that lists are judged by. */
export interface ObjectInventory {
  /** By scene, the objects that make it what it is. */
  readonly own: Readonly<Record<string, readonly string[]>>;
  /** Objects that may be anywhere. Without them, every object that is not the scene's own. */
  readonly common?: readonly string[];
}

/** How well one kind of list puts a scene's own objects before the common ones. */
export interface ListScore {
  /** Probability that an own object stands before a common one, the mean over the scenes, with its interval. */
  readonly auc: BootstrapInterval;
  /** One over the rank of the first own object in the whole list, the mean over the scenes, with its interval. */
  readonly meanReciprocalRank: BootstrapInterval;
}

/** Both kinds of lists, judged. */
export interface ListJudgement {
  readonly informative: ListScore;
  readonly frequent: ListScore;
  /** By how much the AUC of informative lists is above that of lists by frequency, on the same samples of photos. */
  readonly gain: BootstrapInterval;
  readonly scenes: readonly {
    readonly scene: string;
    /** Listed objects of each kind. */
    readonly own: number;
    readonly common: number;
    readonly informativeAuc: number;
    readonly frequentAuc: number;
  }[];
}

/**
 * Judges the lists of scenes by an inventory of what makes each scene. Objects that are neither own nor common take no
 * part in the AUC but do take places in the lists. Intervals come from resampling the held-out photos, all scenes
 * together; the objects listed stay those of the result.
 *
 * @throws CamlabError when in no scene both an own and a common object are listed
 * @example
 * const { informative, frequent } = discover.judgeObjectLists(scenes, { own: world.INFORMATIVE_OBJECTS, common: world.FREQUENT_OBJECTS });
 */
export function judgeObjectLists(
  { findings }: Pick<SceneDiscovery, "findings">,
  inventory: ObjectInventory,
  options: BootstrapOptions = {},
): ListJudgement {
  const { overlap } = findings.settings;
  const scenes = findings.scenes.map((scene) => judgedScene(scene, inventory, overlap));
  const judged = scenes.filter((scene) => countOf(scene, "own") > 0 && countOf(scene, "common") > 0);
  if (judged.length === 0)
    throw new CamlabError(
      "no scene lists both an own and a common object of the inventory: the names must be the same",
    );
  const rows = judged.flatMap(({ photos }, scene) => photos.map((_, photo) => ({ scene, photo })));
  const over = (score: (scene: JudgedScene, objects: readonly Counted[]) => number | undefined) =>
    bootstrapInterval(
      rows.length,
      (sample) => {
        const counts = judged.map((scene) => new Counts(scene));
        for (const row of sample) counts[rows[row].scene].add(rows[row].photo);
        const scores = judged.map((scene, i) => score(scene, counts[i].objects()));
        return mean(scores.filter((value) => value !== undefined));
      },
      options,
    );
  const scoreOf = (order: Order): ListScore => ({
    auc: over((scene, objects) => aucOf(scene, objects, order)),
    meanReciprocalRank: over((scene, objects) => reciprocalRankOf(scene, objects, order)),
  });
  const whole = judged.map((scene) => {
    const counts = new Counts(scene);
    scene.photos.forEach((_, photo) => counts.add(photo));
    return counts.objects();
  });
  return {
    informative: scoreOf(BY_INFORMATIVENESS),
    frequent: scoreOf(BY_FREQUENCY),
    gain: over((scene, objects) => {
      const informative = aucOf(scene, objects, BY_INFORMATIVENESS);
      return informative === undefined ? undefined : informative - aucOf(scene, objects, BY_FREQUENCY)!;
    }),
    scenes: judged.map((scene, i) => ({
      scene: scene.scene,
      own: countOf(scene, "own"),
      common: countOf(scene, "common"),
      informativeAuc: aucOf(scene, whole[i], BY_INFORMATIVENESS)!,
      frequentAuc: aucOf(scene, whole[i], BY_FREQUENCY)!,
    })),
  };
}

type Kind = "own" | "common" | "other";

/** A scene with its listed objects by number, so that many samples of its photos are counted quickly. */
interface JudgedScene {
  readonly scene: string;
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  /** For each photo the listed objects that it shows, by number, and how much of each lies under the map. */
  readonly photos: readonly { readonly objects: Int32Array; readonly shares: Float64Array }[];
}

function judgedScene(
  { scene, informative, photos }: SceneFinding,
  { own, common }: ObjectInventory,
  overlap: number,
): JudgedScene {
  const names = informative.map(({ name }) => name);
  const isOwn = (name: string) => own[scene]?.includes(name) ?? false;
  const isCommon = (name: string) => common?.includes(name) ?? true;
  return {
    scene,
    names,
    kinds: names.map((name) => (isOwn(name) ? "own" : isCommon(name) ? "common" : "other")),
    photos: photos.map((photo) => {
      const found = namesOf(photo, overlap);
      const objects = Int32Array.from(names.flatMap((name, i) => (found.has(name) ? [i] : [])));
      return { objects, shares: Float64Array.from(objects, (i) => found.get(names[i])!.share) };
    }),
  };
}

class Counts {
  readonly #photos: Int32Array;
  readonly #shares: Float64Array;
  #added = 0;

  constructor(private readonly scene: JudgedScene) {
    this.#photos = new Int32Array(scene.names.length);
    this.#shares = new Float64Array(scene.names.length);
  }

  add(photo: number): void {
    const { objects, shares } = this.scene.photos[photo];
    objects.forEach((object, i) => {
      this.#photos[object]++;
      this.#shares[object] += shares[i];
    });
    this.#added++;
  }

  /** The objects that occur in what was added. */
  objects(): Counted[] {
    return this.scene.names.flatMap((name, i) =>
      this.#photos[i] === 0 ? [] : [{ name, photos: this.#photos[i], informativeness: this.#shares[i] / this.#added }],
    );
  }
}

/** What lists are ordered by. */
type Counted = Pick<SceneObject, "name" | "photos" | "informativeness">;

/** A list's order, and whether two objects stand level in it but for their names. */
interface Order {
  readonly compare: (a: Counted, b: Counted) => number;
  readonly level: (a: Counted, b: Counted) => boolean;
}

const BY_INFORMATIVENESS: Order = {
  compare: moreInformative,
  level: (a, b) => a.informativeness === b.informativeness && a.photos === b.photos,
};
const BY_FREQUENCY: Order = { compare: moreFrequent, level: (a, b) => a.photos === b.photos };

function aucOf(scene: JudgedScene, objects: readonly Counted[], { compare, level }: Order): number | undefined {
  const kindOf = new Map(scene.names.map((name, i) => [name, scene.kinds[i]]));
  const own = objects.filter(({ name }) => kindOf.get(name) === "own");
  const common = objects.filter(({ name }) => kindOf.get(name) === "common");
  if (!own.length || !common.length) return undefined;
  let before = 0;
  for (const a of own) for (const b of common) before += level(a, b) ? 0.5 : compare(a, b) < 0 ? 1 : 0;
  return before / (own.length * common.length);
}

function reciprocalRankOf(scene: JudgedScene, objects: readonly Counted[], { compare }: Order): number | undefined {
  if (objects.length === 0) return undefined;
  const own = new Set(scene.names.filter((_, i) => scene.kinds[i] === "own"));
  const rank = [...objects].sort(compare).findIndex(({ name }) => own.has(name));
  return rank < 0 ? 0 : 1 / (rank + 1);
}

function countOf({ kinds }: JudgedScene, kind: Kind): number {
  return kinds.filter((each) => each === kind).length;
}

function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
