import numpy as np

from tapewarden.engine.stage import HELD, in_order


def test_acts_of_one_row_stay_as_they_were_written_whoever_acts() -> None:
    held = np.zeros(4, HELD)
    held["due"] = [2, 1, 1, 1]
    held["row"] = [0, 7, 7, 3]
    held["act"]["account"] = [1, 9, 2, 5]
    assert in_order(held)["act"]["account"].tolist() == [5, 9, 2, 1]
