"""Times scikit-learn's LinearSVC.fit and nothing else. Called by compare.ts:

    python scikit_train.py rows.f32 labels.i32 rows columns C weights.f64

prints the milliseconds on the clock and of CPU time; writes classes × (columns + 1) float64. Everything else is LinearSVC's default.
"""

import sys
import time
import warnings

import numpy as np
from sklearn.svm import LinearSVC

x_path, y_path, rows, columns, C, out = sys.argv[1:]
x = np.fromfile(x_path, np.float32).reshape(int(rows), int(columns))
y = np.fromfile(y_path, np.int32)
warnings.simplefilter("ignore")
started, used = time.perf_counter(), time.process_time()
model = LinearSVC(C=float(C)).fit(x, y)
print(1000 * (time.perf_counter() - started), 1000 * (time.process_time() - used))
weights = np.concatenate([model.coef_, np.reshape(model.intercept_, (-1, 1))], axis=1)
if len(weights) == 1:
    weights = np.concatenate([-weights, weights])
weights.astype(np.float64).tofile(out)
