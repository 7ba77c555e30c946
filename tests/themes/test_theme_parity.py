import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score, normalized_mutual_info_score

from workbench.themes.parity import audit_parity, measure_dependence, measure_parallel, measure_unassigned


def drawn(share_of_own, seed=0, n=600):
    """Three languages over three themes; `share_of_own` of the statements stand in a theme of their language."""
    generator = np.random.default_rng(seed)
    language = generator.integers(0, 3, n)
    theme = np.where(generator.random(n) < share_of_own, language, generator.integers(0, 3, n))
    return pd.Series(np.array(["ar", "en", "fa"])[language]), theme, pd.Series([f"c{k}" for k in range(n)])


def test_mixed_themes_tell_nothing_and_separate_ones_everything():
    mixed = measure_dependence(*drawn(0.0), shuffles=99).set_index("measure")
    apart = measure_dependence(*drawn(0.8), shuffles=99).set_index("measure")
    assert (mixed["p_value"] > 0.05).all()
    assert (apart["p_value"] == 0.01).all()
    assert apart.loc["balanced_accuracy", "value"] > 0.8
    assert mixed.loc["balanced_accuracy", "value"] < mixed.loc["balanced_accuracy", "chance_high"] < 0.45


def test_figures_agree_with_the_library():
    languages, themes, comments = drawn(0.4)
    found = measure_dependence(languages, themes, comments, shuffles=9).set_index("measure")["value"]
    assert found["nmi"] == pytest.approx(normalized_mutual_info_score(languages, themes), abs=1e-4)
    table = pd.crosstab(languages, themes, normalize="index")
    told = pd.Series(themes).map(table.idxmax())
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(languages, told), abs=1e-4)


def test_many_small_themes_look_dependent_only_beside_their_own_chance():
    generator = np.random.default_rng(1)
    languages, comments = pd.Series(generator.choice(["ar", "en"], 100)), pd.Series([str(n) for n in range(100)])
    found = measure_dependence(languages, generator.integers(0, 60, 100), comments, shuffles=199).iloc[0]
    assert found["value"] > 0.7
    assert found["p_value"] > 0.05


def test_unassigned_undetermined_and_rare_languages_are_left_out():
    languages, themes, comments = drawn(0.5)
    extra = pd.Series(["und"] * 5 + ["ja"] + ["en"] * 4)
    more = measure_dependence(pd.concat([languages, extra]), np.concatenate([themes, [0] * 6, [-1] * 4]),
                              pd.concat([comments, pd.Series([f"x{n}" for n in range(10)])]), shuffles=9)
    pd.testing.assert_series_equal(more["value"], measure_dependence(languages, themes, comments, shuffles=9)["value"])


@pytest.mark.parametrize(("languages", "themes"), [
    (["en"] * 12, [0, 1] * 6), (["en", "fa"] * 6, [0] * 12), (["en", "fa"] * 6, [-1] * 12),
])
def test_one_language_or_one_theme_has_no_dependence_to_measure(languages, themes):
    found = measure_dependence(pd.Series(languages), np.array(themes), pd.Series([str(n) for n in range(12)]))
    assert found[["value", "chance", "p_value"]].isna().all().all()


def test_unassigned_shares_are_of_comments_with_wilson_intervals():
    frame = pd.DataFrame({"language": ["en"] * 3 + ["ar"] * 2, "comment": ["a", "a", "b", "c", "d"],
                          "theme": [0, -1, -1, 2, 3]})
    found = measure_unassigned(frame["language"], frame["theme"].to_numpy(), frame["comment"]).set_index("language")
    assert found.loc["en", ["value", "n"]].tolist() == [0.5, 2]
    assert found.loc["ar", ["value", "low"]].tolist() == [0.0, 0.0]
    assert found.loc["ar", "high"] == pytest.approx(0.6576, abs=1e-3)


def test_parallel_comments_that_share_a_theme_land_together():
    languages = pd.Series(["en", "ar", "fa"] * 8)
    comments = pd.Series([f"c{n}" for n in range(24)])
    pairs = pd.Series(np.repeat([f"p{n}" for n in range(8)], 3))
    together = measure_parallel(pairs, languages, np.repeat(np.arange(8), 3), comments)
    assert together.loc[0, ["value", "n"]].tolist() == [1.0, 24]
    assert together.loc[0, "chance"] < 0.3
    assert together.loc[0, "p_value"] < 0.01
    apart = measure_parallel(pairs, languages, np.tile([0, 1, 2], 8), comments)
    assert apart.loc[0, "value"] == 0.0
    assert len(measure_parallel(pairs.where(comments == "none"), languages, np.zeros(24, dtype=int), comments)) == 0


def test_the_audit_says_what_was_not_measured():
    languages, themes, comments = drawn(0.3)
    statements = pd.DataFrame({"language": languages, "feedback_id": comments})
    audit = audit_parity(statements, themes, "on").set_index("measure")
    assert np.isnan(audit.loc["parallel", "value"])
    assert audit.loc["parallel", "n"] == 0
    assert set(audit["removal"]) == {"on"}
    nobody = audit_parity(statements.iloc[:0], themes[:0], "off")
    assert set(nobody["measure"]) == {"balanced_accuracy", "nmi", "parallel"}
