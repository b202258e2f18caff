import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunLengthMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { pointAtTools } from "../../../../src/kernel-helpers/discovery/activities/point-at-tools.js";

/** A mask from a drawing: # inside. */
function mask(...rows: string[]): RunLengthMask {
  const [width, height] = [rows[0].length, rows.length];
  const counts: number[] = [0];
  let inside = false;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if ((rows[y][x] === "#") !== inside) {
        inside = !inside;
        counts.push(0);
      }
      counts[counts.length - 1]++;
    }
  }
  return { width, height, counts };
}

const person = mask("##....", "##....", "##....", "......");
const tool = mask("......", "..##..", "......", "......");

test("a point is at a tool, on the person, or elsewhere; chances are counted by hand", () => {
  const at = (x: number, y: number, radius: number) => pointAtTools({ x, y }, [tool], person, radius)!;
  const judged = (x: number, y: number, radius: number) => {
    const { radius: same, ...rest } = at(x, y, radius);
    assert.equal(same, radius);
    return rest;
  };
  assert.deepEqual(judged(2.9, 1.1, 0), { onTool: true, onPerson: false, personShare: 0, pictureShare: 2 / 24 });
  assert.deepEqual(judged(0.5, 0.5, 0), { onTool: false, onPerson: true, personShare: 0, pictureShare: 2 / 24 });
  // One pixel around: the tool's four neighbours above and below, one at each end; of them one is the person's.
  assert.deepEqual(judged(1.5, 1.5, 1), { onTool: true, onPerson: false, personShare: 1 / 6, pictureShare: 8 / 24 });
  assert.deepEqual(judged(6, 4, 1), { onTool: false, onPerson: false, personShare: 1 / 6, pictureShare: 8 / 24 });
});

test("several tools are one region; what cannot be seen is not judged", () => {
  const other = mask("......", "......", "......", "#.....");
  assert.equal(pointAtTools({ x: 0, y: 3 }, [tool, other], person, 0)!.onTool, true);
  const nothing = mask("......", "......", "......", "......");
  assert.equal(pointAtTools({ x: 0, y: 3 }, [nothing], person, 9), undefined);
  assert.equal(pointAtTools({ x: 0, y: 3 }, [tool], nothing, 9), undefined);
  assert.throws(() => pointAtTools({ x: 0, y: 3 }, [mask("#.")], person, 9), /2×1 pixels, the person's 6×4/);
});
