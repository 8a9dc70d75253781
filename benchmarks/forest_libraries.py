"""Scores of an isolation forest by treelite and ONNX Runtime; run by `benchmarks.forest` in .venv-bench.

``python forest_libraries.py ROWS.npy TREES SEED ROUNDS`` prints JSON: of each library the scores of the first
1,000 rows, and CPU seconds per call for these and for one row.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np


def seconds_per_call(work: Callable[[], Any], calls: int, rounds: int) -> float:
    """The median over rounds of the CPU seconds of one call."""
    work()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(calls):
            work()
        found.append((time.process_time() - start) / calls)
    return median(found)


def treelite_scorer(forest: Any, rows: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Scores by treelite's reference interpreter, in one thread."""
    import treelite

    model = treelite.sklearn.import_model(forest)
    return lambda some: treelite.gtil.predict(model, some, nthread=1).ravel()


def onnx_scorer(forest: Any, rows: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Scores by ONNX Runtime in one thread; its ``decision_function`` is the negative score plus one half."""
    import onnxruntime
    from skl2onnx import to_onnx

    model = to_onnx(forest, rows[:1], target_opset={"": 17, "ai.onnx.ml": 3})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    (_, scores), name = [one.name for one in session.get_outputs()], session.get_inputs()[0].name
    return lambda some: 0.5 - session.run([scores], {name: some})[0].ravel()


def main(path: str, trees: str, seed: str, rounds: str) -> None:
    """Measure both and print what was found."""
    from sklearn.ensemble import IsolationForest

    rows = np.load(path)
    forest = IsolationForest(n_estimators=int(trees), max_samples=256, random_state=int(seed)).fit(rows)
    found = {}
    for name, scorer in (("treelite", treelite_scorer), ("ONNX Runtime", onnx_scorer)):
        score = scorer(forest, rows)
        many, one = rows[:1_000], rows[:1]
        found[name] = {
            "scores": score(many).tolist(),
            "many": seconds_per_call(partial(score, many), 3, int(rounds)),
            "single": seconds_per_call(partial(score, one), 50, int(rounds)),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
