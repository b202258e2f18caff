"""Reads what agreement.ts gives on its input, works the same figures out by the published definitions with NumPy, SciPy
and scikit-learn, one mask a threshold, and says where they differ."""

import json
import sys

import numpy as np
from scipy import ndimage
from sklearn.metrics import average_precision_score

given = json.load(sys.stdin)
side, cases = given["side"], given["cases"]
THRESHOLDS = np.arange(0, 1 + 1e-9, 0.01)
IOUS = [0.3, 0.5, 0.7]
AROUND = np.ones((3, 3), bool)


def normalised(values):
    span = values.max() - values.min()
    return (values - values.min()) / span if span > 0 else np.zeros_like(values)


def polygon_area(component):
    """Of the outline through pixels' centres, holes filled: whole and half squares between four neighbours."""
    filled = ndimage.binary_fill_holes(component).astype(int)
    corners = filled[:-1, :-1] + filled[1:, :-1] + filled[:-1, 1:] + filled[1:, 1:]
    return (corners == 4).sum() + 0.5 * (corners == 3).sum()


def corners_of(rows, columns):
    return columns.start, rows.start, min(columns.stop, side - 1), min(rows.stop, side - 1)


def boxes_of(mask):
    """The largest component's box, and those of all components and holes."""
    labels, count = ndimage.label(mask, AROUND)
    if count == 0:
        return (0, 0, 0, 0), [(0, 0, 0, 0)]
    parts = [corners_of(*one) for one in ndimage.find_objects(labels)]
    areas = [polygon_area(labels == one + 1) for one in range(count)]
    largest = parts[max(range(count), key=lambda one: (areas[one], one))]
    holes, _ = ndimage.label(ndimage.binary_fill_holes(mask) & ~mask)
    for rows, columns in ndimage.find_objects(holes):
        parts.append(corners_of(slice(rows.start - 1, rows.stop + 1), slice(columns.start - 1, columns.stop + 1)))
    return largest, parts


def overlap(box, truth):
    x, y, width, height = truth
    other = (x, y, x + width, y + height)
    shared = [max(0, min(box[2 + i], other[2 + i]) - max(box[i], other[i]) + 1) for i in (0, 1)]
    area = lambda one: (one[2] - one[0] + 1) * (one[3] - one[1] + 1)
    both = shared[0] * shared[1]
    return both / (area(box) + area(other) - both)


largest, best, pointed, scores_of = [], [], [], []
for case in cases:
    values = np.array(case["map"], np.float32).reshape(side, side)
    scores = normalised(values)
    scores_of.append(scores)
    pixels = (scores * 255).astype(np.uint8)
    known, rows = {}, ([], [])
    for threshold in THRESHOLDS:
        cut = int(threshold * pixels.max())
        if cut not in known:
            one, all_ = boxes_of(pixels > cut)
            known[cut] = (
                max(overlap(one, truth) for truth in case["truth"]),
                max(overlap(each, truth) for each in all_ for truth in case["truth"]),
            )
        for row, value in zip(rows, known[cut]):
            row.append(value)
    largest.append(rows[0])
    best.append(rows[1])
    y, x = np.unravel_index(values.argmax(), values.shape)
    inside = [bx <= x + 0.5 < bx + w and by <= y + 0.5 < by + h for bx, by, w, h in case["truth"]]
    pointed.append(values.max() > values.min() and any(inside))

largest, best = np.array(largest), np.array(best)
chooses = np.array([case["split"] == "val" for case in cases])
found = {}


def chosen(overlaps, iou):
    at = ((overlaps[chooses] >= iou).mean(axis=0)).argmax()
    right = (overlaps[~chooses] >= iou).mean(axis=0)
    return at, [float(THRESHOLDS[at]), float(right[at])], float(right.max())


at, figures, most = chosen(largest, 0.5)
found["maxBoxAcc"] = [*figures, most]
found["maxBoxAccV2"] = [chosen(best, iou)[1] for iou in IOUS]
found["meanIou"] = float(largest[~chooses][:, at].mean())
found["pointing"] = float(np.array(pointed)[~chooses].mean())
truths, quantised = [], []
for case, scores, choosing in zip(cases, scores_of, chooses):
    if choosing:
        continue
    inside = np.array(case["inside"], bool)
    counts = inside | ~np.array(case["ignored"], bool)
    truths.append(inside[counts])
    quantised.append((np.searchsorted(THRESHOLDS, scores.ravel().astype(float), side="right") - 1)[counts])
found["pxAP"] = float(average_precision_score(np.concatenate(truths), np.concatenate(quantised)))

theirs = np.array(given["overlaps"])
apart = max(np.abs(theirs[:, 0] - largest).max(), np.abs(theirs[:, 1] - best).max())
print(f"{len(cases)} cases, {len(THRESHOLDS)} thresholds; overlaps differ by at most {apart:.1e}")
wrong = apart > 1e-6
for name, value in found.items():
    ours = np.array(given["ours"][name], float)
    difference = np.abs(ours - np.array(value)).max()
    wrong |= difference > 1e-9 and name != "meanIou" or difference > 1e-6
    print(f"{name}: {np.round(ours, 6).tolist()}, apart by {difference:.1e}")
sys.exit(int(wrong))
