import numpy as np
import pandas as pd
import pytest

from workbench.themes import refind_themes
from workbench.themes.passport import find_again, measure_passport


def blobs(sizes=(60, 60, 60), noise=0.08, seed=0):
    """Statements around known directions: their themes are known and firm."""
    generator = np.random.default_rng(seed)
    theme = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(16)[theme] + generator.normal(scale=noise, size=(len(theme), 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    statements = pd.DataFrame({"feedback_id": [f"c{n:03}" for n in range(len(theme))], "language": "en"})
    statements["statement_id"] = statements["feedback_id"] + "/0"
    statements["text"] = [f"text number {n}" for n in range(len(theme))]
    return statements, vectors.astype(np.float32), theme


def refit_of(statements, vectors):
    def refit(rows, seed):
        return refind_themes(statements.iloc[rows].reset_index(drop=True), vectors[rows], seed=seed, resolution=0.5,
                             neighbours=15, floor=0.0)
    return refit


def test_planted_themes_are_stable_in_every_way():
    statements, vectors, theme = blobs()
    passport = measure_passport(theme, statements["feedback_id"], [0, 1, 2], refit_of(statements, vectors),
                                resamples=3, seeds=2)
    assert (passport[["resample_share", "seed_share", "stability"]] > 0.9).all().all()
    assert set(passport["verdict"]) == {"stable"}
    assert passport[["resamples", "seeds", "orders"]].values.tolist() == [[3, 2, 1]] * 3


def test_an_arbitrary_theme_is_unstable_beside_firm_ones():
    statements, vectors, theme = blobs()
    torn = theme.copy()
    torn[theme == 2] = np.where(np.arange(60) % 3 == 0, 2, 3)
    passport = measure_passport(torn, statements["feedback_id"], [0, 1, 2, 3], refit_of(statements, vectors),
                                resamples=3, seeds=2)
    assert passport["verdict"].tolist() == ["stable", "stable", "unstable", "stable"]
    assert passport["resample_lowest"].le(passport["resample_highest"]).all()


def test_row_order_changes_nothing():
    statements, vectors, _ = blobs(noise=0.3)
    found = refind_themes(statements, vectors, neighbours=10, minimum_size=4)
    passport = measure_passport(found, statements["feedback_id"], sorted(set(found) - {-1}),
                                lambda rows, seed: refind_themes(statements.iloc[rows].reset_index(drop=True),
                                                                 vectors[rows], seed=seed, neighbours=10,
                                                                 minimum_size=4), resamples=0, seeds=1)
    assert (passport["order_share"] == 1).all()
    order = np.random.default_rng(5).permutation(len(statements))
    shuffled = refind_themes(statements.iloc[order].reset_index(drop=True), vectors[order], neighbours=10,
                             minimum_size=4)
    np.testing.assert_array_equal(shuffled, found[order])


def test_statements_of_one_comment_are_left_out_together():
    seen = []
    comments = pd.Series(np.repeat([f"c{n}" for n in range(10)], 3))

    def refit(rows, seed):
        seen.append(rows)
        return np.zeros(len(rows), dtype=int)

    measure_passport(np.zeros(30, dtype=int), comments, [0], refit, resamples=2, seeds=0)
    for rows in seen[:2]:
        assert len(rows) == 24
        assert comments.iloc[rows].value_counts().eq(3).all()
    assert not np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize(("resamples", "seeds", "refit"), [(0, 0, lambda rows, seed: rows), (5, 5, None)])
def test_what_is_not_measured_is_said_to_be_so(resamples, seeds, refit):
    passport = measure_passport(np.array([0, 0, 4]), pd.Series(["a", "b", "c"]), [0, 4], refit, resamples=resamples,
                                seeds=seeds, cut=pd.Series([0.9], index=[0]))
    assert passport["verdict"].tolist() == ["unmeasured"] * 2
    assert passport["stability"].iloc[0] == 0.9
    assert np.isnan(passport["stability"].iloc[1])
    assert passport["resamples"].tolist() == [0, 0]


def test_no_theme_gives_an_empty_passport():
    passport = measure_passport(np.array([-1, -1]), pd.Series(["a", "b"]), [], lambda rows, seed: rows)
    assert len(passport) == 0
    assert "verdict" in passport


def test_the_unassigned_of_a_run_are_no_theme_to_be_found_in():
    assert find_again(np.array([0, 0, 1]), np.array([-1, -1, 2]), [0, 1]).tolist() == [0.0, 1.0]
