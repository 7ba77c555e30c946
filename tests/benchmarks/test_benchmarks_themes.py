"""Tests of the landmark beside which findings of themes are read: rows given to labels that are known."""

import numpy as np
import pandas as pd

from benchmarks._theme_runs import nearest_of_labels, rows_of


def test_rows_go_to_the_label_whose_centre_is_nearest_and_unlabelled_ones_have_no_say():
    rows = pd.DataFrame({"feedback_id": [f"{number:03d}" for number in range(90)],
                         "gold": ["price"] * 30 + ["parcel"] * 30 + [None] * 30})
    angles = np.r_[np.linspace(-0.2, 0.2, 30), np.linspace(1.0, 1.4, 30), np.linspace(3.0, 3.4, 30)]
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)

    found = nearest_of_labels(rows, vectors, ["seed 0", "bootstrap 1"])

    assert set(found["seed 0"][:30]) == {0}
    assert set(found["seed 0"][30:60]) == {1}
    kept = rows_of("bootstrap 1", rows["feedback_id"])
    assert len(found["bootstrap 1"]) == len(kept) < 90
    assert len(set(found["bootstrap 1"][kept < 30])) == len(set(found["bootstrap 1"][(kept >= 30) & (kept < 60)])) == 1
