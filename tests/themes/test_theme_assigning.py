import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from workbench.columns import ASSIGNMENTS, names
from workbench.errors import InputError
from workbench.themes import assign_themes, find_themes


def planted(seed=0, each=60, topics=6, dimensions=24):
    generator = np.random.default_rng(seed)
    vectors = np.repeat(generator.normal(size=(topics, dimensions)), each, axis=0)
    vectors = vectors + 0.7 * generator.normal(size=vectors.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    ids = [f"{number:04d}" for number in range(len(vectors))]
    language = ["en" if number % 2 else "fa" for number in range(len(vectors))]
    return pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "start": 0, "end": 9,
                         "text": [f"word{name} late" for name in ids], "language": language,
                         "language_confidence": 1.0, "direction": "ltr", "script": "Latn"}), vectors


def test_new_rows_get_the_theme_that_a_refit_would_give_them():
    statements, vectors = planted()
    old, new = np.arange(len(vectors)) % 5 != 0, np.arange(len(vectors)) % 5 == 0
    themes = find_themes(statements[old], vectors[old], neighbours=10)
    given = assign_themes(statements[new], vectors[new], themes)
    refit = find_themes(statements, vectors, neighbours=10).assignments["theme_id"].to_numpy()[new]
    assert list(given.columns) == names(ASSIGNMENTS)
    assert adjusted_rand_score(refit, given["theme_id"]) > 0.9
    assert given["strength"].between(0, 1).all()
    assert set(given["theme_id"]) <= set(themes.table["theme_id"])


def test_assigning_changes_no_theme_and_does_not_depend_on_the_other_new_rows():
    statements, vectors = planted()
    themes = find_themes(statements, vectors, neighbours=10)
    whole = assign_themes(statements, vectors, themes)
    alone = assign_themes(statements.tail(1), vectors[-1:], themes)
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), whole.tail(1).reset_index(drop=True))
    assert (whole["theme_id"] == themes.assignments["theme_id"]).mean() > 0.9


def test_what_is_like_no_theme_stays_out_and_so_does_what_has_no_vector():
    statements, vectors = planted()
    themes = find_themes(statements, vectors, neighbours=10, remove_language=False)
    odd = np.zeros((2, vectors.shape[1]), dtype=np.float32)
    odd[0] = np.linalg.svd(themes.vectors)[2][-1]  # at right angles to every centre
    given = assign_themes(statements.head(2), odd, themes)
    assert given["theme_id"].tolist() == [-1, -1]
    assert given["strength"].tolist() == [0, 0]


def test_vectors_of_another_encoder_are_refused():
    statements, vectors = planted()
    themes = find_themes(statements, vectors, neighbours=10)
    with pytest.raises(InputError, match="24 numbers each, found 7"):
        assign_themes(statements, vectors[:, :7], themes)
    with pytest.raises(InputError, match="expected one vector a statement: 360 statements, 3 vectors"):
        assign_themes(statements, vectors[:3], themes)
