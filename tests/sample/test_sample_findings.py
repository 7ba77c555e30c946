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
    for name in ("feedback.csv", "study.yaml", "journey.yaml"):
        shutil.copy(sample / name, folder)
    return analyse(folder / "study.yaml", progress=False)


def words_of(analysis, theme):
    terms = analysis.terms
    return set(terms.loc[(terms["theme_id"] == theme) & (terms["language"] == "en"), "term"])


def stretch_with(analysis, words):
    heads = analysis.headlines[analysis.headlines["kind"] == "stretch"]
    return [row for row in heads.itertuples() if words & words_of(analysis, row.theme_id)]


@pytest.mark.slow
def test_the_release_that_broke_the_app_is_among_the_first_stretches(findings):
    first, second = stretch_with(findings, {"code", "app", "login"})[:2]
    assert first.rank <= 2  # the market that is hardly heard weighs as much
    assert pd.Timestamp("2026-03-01") in (first.first_period, second.first_period)
    for stretch in (first, second):  # a theme that holds wishes for the app as well begins a month before
        assert pd.Timestamp("2026-02-01") <= stretch.first_period <= pd.Timestamp("2026-03-01")
        assert stretch.last_period <= pd.Timestamp("2026-05-01")
        assert stretch.estimate > 3 * stretch.comparison


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


@pytest.mark.slow
def test_every_loyal_customer_who_was_planted_to_turn_is_found(findings):
    import re
    from pathlib import Path

    story = (Path(__file__).parents[2] / "data" / "sample" / "story.md").read_text(encoding="utf-8")
    planted = dict(re.findall(r"\| (C\d{6}) \([A-Z]{2}\): [^|]*turned on \| (\d{4}-\d{2}-\d{2}) \|", story))
    assert len(planted) == 13
    found = findings.turned_customers.set_index("customer_id")["turned_on"].dt.strftime("%Y-%m-%d")
    assert {customer: found.get(customer) for customer in planted} == planted


@pytest.mark.slow
def test_the_technician_is_fine_and_the_journey_is_not(findings):
    row = findings.fine_but_lost.set_index("touchpoint_id").loc["technician"]
    assert row["p_adjusted"] < 0.001
    assert row["bad_share_low"] > 0.5 > 2 * row["bad_share_elsewhere"]
    weight = findings.touchpoint_weight.set_index("touchpoint_id")
    assert weight.loc["technician", "verdict"] == "critical and frequent"


@pytest.mark.slow
def test_the_quiet_market_and_the_quiet_stage_are_blind_spots(findings):
    spots = findings.blind_spots
    blind = spots[spots["verdict"].isin(["less than expected", "not heard"])]
    assert {("market", "JO"), ("stage", "awareness")} <= set(zip(blind["dimension"], blind["value"], strict=True))


@pytest.mark.slow
def test_the_first_page_tells_of_all_kinds_that_were_planted_and_is_not_filled_by_one(findings):
    from workbench.report.sections.headline import first_findings

    first = first_findings(findings)
    assert first["kind"].value_counts().to_dict() == {"stretch": 3, "unheard": 2, "turn": 2}
    assert first["rank"].is_monotonic_increasing
    turned = first[first["kind"] == "turn"].set_index("subject")
    assert turned.at["contact_centre", "estimate"] < 0 < turned.at["delivery", "estimate"]
    assert turned.at["delivery", "value"] == "IR"
