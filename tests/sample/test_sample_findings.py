"""What was planted in the sample is found by the product itself, from the comments alone."""

import pandas as pd
import pytest

from workbench.analysis import analyse


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    import shutil
    from pathlib import Path

    sample = Path(__file__).parents[2] / "data" / "sample"
    folder = tmp_path_factory.mktemp("sample")
    for name in ("feedback.csv", "study.yaml"):
        shutil.copy(sample / name, folder)
    return analyse(folder / "study.yaml", progress=False)


def words_of(analysis, theme):
    terms = analysis.terms
    return set(terms.loc[(terms["theme_id"] == theme) & (terms["language"] == "en"), "term"])


def stretch_with(analysis, words):
    heads = analysis.headlines[analysis.headlines["kind"] == "stretch"]
    return [row for row in heads.itertuples() if words & words_of(analysis, row.theme_id)]


@pytest.mark.slow
def test_the_release_that_broke_the_app_is_the_first_finding(findings):
    first = findings.headlines.iloc[0]
    assert first["kind"] == "stretch"
    assert words_of(findings, first["theme_id"]) & {"code", "app", "login"}
    assert first["first_period"] == pd.Timestamp("2026-03-01")
    assert first["last_period"] <= pd.Timestamp("2026-05-01")
    assert first["estimate"] > 3 * first["comparison"]


@pytest.mark.slow
def test_the_box_that_gets_hot_in_summer_is_found(findings):
    (heat,) = stretch_with(findings, {"hot", "heat", "fan"})
    assert pd.Timestamp("2026-07-01") <= heat.first_period <= pd.Timestamp("2026-08-01")


@pytest.mark.slow
def test_the_market_that_is_hardly_heard_is_found(findings):
    unheard = findings.headlines[findings.headlines["kind"] == "unheard"]
    assert unheard["value"].iloc[0] == "JO"


@pytest.mark.slow
def test_the_stage_that_is_hardly_heard_is_found(findings):
    stages = findings.coverage[findings.coverage["dimension"] == "stage"].set_index("value")
    assert stages.at["awareness", "heard"] == "less than expected"
    assert stages["comment_count"].idxmin() == "awareness"
