import type { Picture } from "../../images/picture.js";
import { SpilledList } from "../../support/files/spilled-list.js";
import type { JudgedCase } from "./judge-case.js";

/** What became of many cases: their pictures are in memory, their figures on disk, where there are many. */
export class JudgedCases<P extends Picture> implements Iterable<JudgedCase<P>> {
  readonly #pictures: P[] = [];
  readonly #figures = new SpilledList<Omit<JudgedCase<P>, "picture">>();

  get length(): number {
    return this.#pictures.length;
  }

  push({ picture, ...figures }: JudgedCase<P>): void {
    this.#pictures.push(picture);
    this.#figures.push(figures);
  }

  *[Symbol.iterator](): IterableIterator<JudgedCase<P>> {
    let i = 0;
    for (const figures of this.#figures) yield { picture: this.#pictures[i++], ...figures };
  }

  /** An array whose cases are read when they are asked for; a case that is asked for twice is another object. */
  get list(): readonly JudgedCase<P>[] {
    const holes: JudgedCase<P>[] = [];
    holes.length = this.length;
    const placeOf = (name: string | symbol) => {
      const place = typeof name === "string" && /^\d+$/.test(name) ? Number(name) : -1;
      return place < this.length ? place : -1;
    };
    const at = (place: number) => ({ picture: this.#pictures[place], ...this.#figures.at(place) });
    return new Proxy(holes, {
      get: (target, name) => (placeOf(name) < 0 ? (Reflect.get(target, name) as unknown) : at(placeOf(name))),
      has: (target, name) => placeOf(name) >= 0 || Reflect.has(target, name),
      ownKeys: (target) => [...target.keys()].map(String).concat("length"),
      getOwnPropertyDescriptor: (target, name) =>
        placeOf(name) < 0
          ? Reflect.getOwnPropertyDescriptor(target, name)
          : { value: at(placeOf(name)), enumerable: true, configurable: true, writable: true },
    });
  }
}
