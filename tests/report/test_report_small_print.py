"""Small cells stay hidden in every part, and no sentence says more than was measured."""

from dataclasses import replace
from html import escape

import pandas as pd
import pytest

from workbench.report import messages
from workbench.report.export import _without_small, shown_tables
from workbench.report.messages import available_languages, load_messages
from workbench.report.receipt_html import receipt_html
from workbench.report.sections import adequacy, brief, drivers, headline, journey_map, method, themes, trends
from workbench.report.sections.wording import isolated, theme_names, value_name

EN = load_messages("en")


@pytest.fixture
def changed(small_analysis):
    """Return a function that copies the analysis with other tables and another least cell or limit of stability."""

    def change_it(minimum=5, stability=0.5, **tables):
        study = small_analysis.study
        study = study.model_copy(update={
            "insights": study.insights.model_copy(update={"minimum_cell": minimum}),
            "quality": study.quality.model_copy(update={"stability": stability})})
        return replace(small_analysis, study=study, tables={**small_analysis.tables, **tables})

    return change_it


def plain(part):
    return part._repr_mimebundle_()["text/plain"]


def a_turn(**changes):
    row = {"cut": "touchpoint", "subject": "app", "dimension": "", "value": "", "n": 47, "n_before": 6, "n_after": 41,
           "turned_on": pd.Timestamp("2026-02-03"), "standing_before": 0.21, "standing_after": 0.66, "change": 0.45,
           "change_low": -0.03, "change_high": 0.93, "p_value": 0.001, "p_adjusted": 0.001}
    return pd.DataFrame([{**row, **changes}])


@pytest.mark.parametrize(("minimum", "shown", "hidden"), [(5, ["21%", "66%", "45"], []), (7, ["66%"], ["21%", "45"]),
                                                          (48, [], ["21%", "66%", "45", "47"])])
def test_turns_hide_sides_of_few_comments(changed, minimum, shown, hidden):
    text = plain(trends.turns(changed(minimum, turns=a_turn()), EN, 5))
    assert all(number in text for number in shown)
    assert not any(number in text for number in hidden)


def test_scores_of_themes_begin_with_the_surest_low_one_and_tell_how_sure_it_is(changed):
    """The lowest of all rests on five answers: its interval reaches far up."""
    scores = pd.DataFrame({"theme_id": [0, 1], "measure": "nps", "n": [5, 120], "score": [-80.0, -40.0],
                           "score_low": [-100.0, -55.0], "score_high": [10.0, -25.0]})
    figure = themes.theme_scores(changed(theme_scores=scores), EN, 2)
    assert figure.table[EN("words.answers")].tolist() == ["120", "5"]
    assert f"{isolated('−40')} ({isolated('−55')} to {isolated('−25')}; 120 answers)" in figure.description


def test_scores_of_themes_tell_how_many_are_low_beyond_chance_among_so_many(changed):
    """One interval lies below everybody's score; what twenty comparisons make of it is told beside it."""
    scores = pd.DataFrame({"theme_id": [0, 1, 2], "measure": "nps", "n": 20, "score": [-90.0, -40.0, 60.0],
                           "score_low": [-100.0, -55.0, 40.0], "score_high": [-60.0, 25.0, 80.0]})
    compared = pd.DataFrame({"theme_id": [-1, 0, 1, 2], "n": 20, "score_elsewhere": 0.0, "p_value": 0.01,
                             "p_adjusted": [0.001, 0.04, 0.2, 0.001]})
    for factor, sure in ((1, 1), (2, 0)):
        told = themes.theme_scores(changed(theme_scores=scores, theme_comparison=compared.assign(
            p_adjusted=compared["p_adjusted"] * factor)), EN, 2).description
        assert f"{isolated(str(sure))} of {isolated('3')}." in told
    nothing = changed(theme_scores=scores, theme_comparison=compared.iloc[:0])
    assert "compared" not in themes.theme_scores(nothing, EN, 2).description


def test_scores_of_themes_begin_with_stable_ones_and_leave_out_others_first(changed, small_analysis):
    """The surest low score is that of a theme that another sample of comments might not have."""
    stability = small_analysis.themes["theme_id"].map({0: 0.9, 1: 0.3, 2: 0.8})
    scores = pd.DataFrame({"theme_id": [1, 0, 2], "measure": "nps", "n": 120, "score": [-80.0, -40.0, -20.0],
                           "score_low": [-90.0, -55.0, -35.0], "score_high": [-70.0, -25.0, -5.0]})
    analysis = changed(theme_scores=scores, themes=small_analysis.themes.assign(stability=stability))
    answers = [themes.theme_scores(analysis, EN, top).table[EN("score.nps")].tolist() for top in (3, 2)]
    assert answers == [["−40", "−20", "−80"], ["−40", "−20"]]
    assert "stable themes come first" in themes.theme_scores(analysis, EN, 3).description


def test_what_goes_with_a_score_begins_with_stable_themes(changed, small_analysis):
    stability = small_analysis.themes["theme_id"].map({0: 0.9, 1: 0.3})
    columns = dict.fromkeys(small_analysis.impact.columns, 0.0) | {
        "measure": "nps", "theme_id": [1, 0], "n": 40, "base": 90, "leave_out": [9.0, 2.0], "agreement": "none"}
    analysis = changed(impact=pd.DataFrame(columns), themes=small_analysis.themes.assign(stability=stability))
    cells = drivers.impact(analysis, EN, "nps", 5).table[EN("impact.leave_out")]
    assert [cell.strip("\u2068")[0] for cell in cells] == ["2", "9"]


def test_an_interval_has_as_many_decimals_as_what_it_is_of(changed, small_analysis):
    row = dict.fromkeys(small_analysis.concentration.columns, 0) | {
        "theme_id": None, "few_people": False, "customer_count": 90, "top_share": 0.033, "top_share_low": 0.024,
        "top_share_high": 0.046}
    loud = pd.DataFrame([row])
    told = plain(adequacy.concentration(changed(concentration=loud), EN)).translate({0x2068: None, 0x2069: None})
    assert "3.3% of the comments (2.4% to 4.6%; 90 customers" in told


@pytest.mark.parametrize(("kind", "before", "after", "told"), [("emerged", 0.03, 0.14, "more than four times as much"),
                                                               ("vanished", 0.08, 0.015, "less than a quarter")])
def test_what_is_still_spoken_of_is_not_gone_and_what_was_is_not_new(changed, kind, before, after, told):
    row = {"theme_id": 0, "kind": kind, "changed_in": pd.Timestamp("2026-06-01"), "comment_count_before": 40,
           "base_before": 500, "share_before": before, "share_before_low": 0.01, "share_before_high": 0.1,
           "comment_count_after": 20, "base_after": 500, "share_after": after, "share_after_low": 0.01,
           "share_after_high": 0.2, "p_value": 0.001, "p_adjusted": 0.006}
    text = plain(trends.changes(changed(changes=pd.DataFrame([row])), EN, 5))
    assert told in text
    assert not {"new", "gone", "good"} & set(text.split())


@pytest.mark.parametrize(("estimate", "low", "high", "span"), [
    (0.45, -0.03, 0.93, ("−3", "93")), (-0.45, -0.93, 0.03, ("−3", "93")), (-0.45, -0.6, -0.3, ("30", "60"))])
def test_a_difference_that_may_be_none_is_told_so(changed, estimate, low, high, span):
    """Without its sign, an end beyond zero must not pass for a difference."""
    row = {"kind": "turn", "estimate": estimate, "estimate_low": low, "estimate_high": high, "comparison": 0.5,
           "dimension": "", "value": "", "subject": "app", "first_period": pd.Timestamp("2026-02-03"), "n": 30}
    text = headline.finding_sentence(row, {}, changed(), EN)
    assert f"difference {isolated(span[0])} to {isolated(span[1])} percentage points" in text


@pytest.mark.parametrize(("count", "base", "shown"), [(20, 30, True), (4, 30, False), (3, 3, False)])
def test_a_season_of_few_comments_is_not_told(changed, count, base, shown):
    table = pd.DataFrame([{"cycle": "weekday", "theme_id": 0, "n": 40, "peak": 2, "peak_count": count,
                           "peak_base": base, "peak_share": 0.77, "peak_share_low": 0.6, "peak_share_high": 0.88,
                           "share": 0.3, "p_value": 0.001, "p_adjusted": 0.001}])
    text = plain(trends.seasons(changed(seasons=table), EN, 5))
    assert ("77%" in text and "60% to" in text.replace("\u2068", "").replace("\u2069", "")) == shown


@pytest.mark.parametrize(("left", "shown"), [(0, True), (4, False), (5, True)])
def test_what_a_few_took_with_them_is_not_told(changed, left, shown):
    row = {"cut": "theme", "value": "0", "customers": 30, "customers_low_score": 10, "customer_share": 0.5,
           "revenue": 9000.0, "revenue_low_score": 3000.0, "revenue_low_score_low": 2000.0,
           "revenue_low_score_high": 4000.0, "revenue_share": 0.5, "revenue_share_low": 0.4, "revenue_share_high": 0.6,
           "left_count": left, "leaving_with": 0.1, "leaving_without": 0.1, "excess": 777.0, "excess_low": -10.0,
           "excess_high": 990.0}
    text = plain(drivers.money(changed(money=pd.DataFrame([row])), EN, 5))
    assert ("777" in text) == shown


def test_money_without_an_interval_stands_by_itself(changed):
    row = {"cut": "stage", "value": "use", "customers": 20, "customers_low_score": 12, "customer_share": 0.5,
           "revenue": 9000.0, "revenue_low_score": 777.0, "revenue_low_score_low": None,
           "revenue_low_score_high": None, "revenue_share": 0.55, "revenue_share_low": None,
           "revenue_share_high": None, "left_count": 0, "leaving_with": None, "leaving_without": None,
           "excess": None, "excess_low": None, "excess_high": None}
    text = plain(drivers.money(changed(money=pd.DataFrame([row])), EN, 5))
    assert "777" in text
    assert "nan" not in text


@pytest.mark.parametrize(("adjusted", "none"), [([0.13, 0.4], True), ([0.04, 0.4], False), ([0.05, 0.05], True)])
@pytest.mark.parametrize("language", available_languages())
def test_a_table_of_leaving_says_where_none_of_it_is_beyond_chance(changed, adjusted, none, language):
    """Each interval alone leaves out zero, and a reader would take it for a finding."""
    row = {"basis": "churned", "n": 30, "base": 200, "share_with": 0.5, "share_without": 0.21, "difference": 0.29,
           "difference_low": 0.09, "difference_high": 0.48, "p_value": 0.01}
    table = pd.DataFrame([{**row, "theme_id": theme, "p_adjusted": p} for theme, p in enumerate(adjusted)])
    m = load_messages(language)
    html = drivers.leaving(changed(churn_themes=table), m, 5).html
    assert (escape(m("leaving.none_sure", limit=m.number(0.05, 2))) in html) == none


@pytest.mark.parametrize(("count", "told"), [(4, "< 10.0%"), (5, "10%"), (0, "0%")])
def test_few_comments_without_a_stage_are_told_by_a_bound(changed, small_analysis, count, told):
    grid = small_analysis.journey_grid.copy()
    place = (grid["stage_id"] == "unassigned") & (grid["touchpoint_id"] == "all") & (grid["theme_id"] == "all")
    grid.loc[place, ["comment_count", "comment_share"]] = [count, count / 50]
    text = plain(journey_map.journey_map(changed(journey_grid=grid), EN))
    assert f"{isolated(told)} of comments hold a statement that fits no stage" in text


@pytest.mark.parametrize("row", [
    {"value": "a", "comment_count_before": 40, "comment_count_after": 2, "base_after": 300},
    {"value": "a", "comment_count_before": 40, "comment_count_after": 0, "base_after": 2},
    {"value": "a", "comment_count": 40, "score": -100.0, "score_n": 1},
    {"value": "a", "moment_count": 40, "turned_count": 0, "base_turned": 2},
    {"value": "a", "n": 40, "peak_count": 2, "peak_base": 2, "peak_share": 1.0},
    {"value": "a", "ask": "", "n": 2, "missing": 383}])
def test_no_small_count_leaves_the_house(row):
    shown = _without_small(pd.DataFrame([row]), 5)
    assert shown["is_hidden"].all()
    assert shown.select_dtypes("number").empty


def test_how_many_are_missing_does_not_tell_a_small_cell(changed, small_analysis):
    collect = small_analysis.adequacy_collect
    assert collect["n"].iloc[0] == small_analysis.facts["insights"]["counted"]
    few = changed(adequacy_collect=collect.assign(n=2, missing=383))
    assert shown_tables(few)["adequacy_collect"]["missing"].isna().all()
    assert "383" not in plain(adequacy.collect_next(few, EN))


@pytest.mark.parametrize(("limit", "share"), [(0.5, "67%"), (0.8, "33%")])
def test_the_short_page_counts_themes_by_the_studys_limit(changed, small_analysis, limit, share):
    passport = small_analysis.passport.head(1).merge(pd.DataFrame({"stability": [0.9, 0.6, 0.3, None]}), how="cross",
                                                    suffixes=("_was", ""))
    part = brief.certainty(changed(stability=limit, passport=passport.assign(resamples=5)), EN, "full.html")
    assert f"{isolated(share)}</data> of the themes were found again" in part.html


def test_what_was_not_looked_for_again_is_not_said_to_be_found_again(changed, small_analysis):
    cut = changed(passport=small_analysis.passport.assign(resamples=0, seeds=0))
    assert "found again when" not in brief.certainty(cut, EN, "full.html").html
    assert "Stability is measured by finding the themes again" not in plain(method.limits(cut, EN))
    assert EN("examined.passport_unmeasured") in plain(method.limits(cut, EN))


@pytest.mark.parametrize("limit", [0.5, 0.8])
def test_unstable_is_what_the_study_calls_so(changed, small_analysis, limit):
    shaky = small_analysis.themes.assign(stability=[0.45, *[0.9] * (len(small_analysis.themes) - 1)])
    assert f"less than {isolated(EN.percent(limit))} of such a theme" in \
        themes.theme_shares(changed(stability=limit, themes=shaky), EN, 5).description


def test_without_one_kind_of_scores_the_kind_is_named(changed, small_analysis):
    told = pd.DataFrame([("impact", "nps", "no_scores", 0), ("impact", "satisfaction", "too_few_answers", 0)],
                        columns=["insight", "part", "reason", "n"])
    analysis = changed(evidence_reasons=told, impact=small_analysis.impact.head(0),
                       group_reasons=small_analysis.group_reasons.head(0))
    assert plain(drivers.impact(analysis, EN, "nps", 5)) == "Net Promoter Score: There are no scores."
    assert plain(drivers.impact(analysis, EN, "satisfaction", 5)).endswith("): There are too few answers.")
    assert plain(drivers.reasons_by_group(analysis, EN, 5)) == "Net Promoter Score: There are no scores."


@pytest.mark.parametrize(("counts", "told"), [((40, 6), "⁨Jordan⁩, 6 comments"), ((40, 3), "⁨Jordan⁩, too few")])
def test_a_decision_is_told_with_the_count_of_its_least_heard_cell(changed, small_analysis, counts, told):
    """The count of all comments would say that there is plenty."""
    cells = pd.concat([small_analysis.adequacy_cells.head(1)] * 2, ignore_index=True).assign(
        decision="courier", dimension="market", value=["EG", "JO"], n=counts, worth=counts)
    analysis = changed(adequacy_cells=cells, adequacy=small_analysis.adequacy.head(1).assign(decision="courier"))
    text = plain(adequacy.verdicts(analysis, EN))
    assert f"(least heard of what it asks for: {told})" in text
    whole = EN("words.n_comments", count=int(small_analysis.adequacy["n"].iloc[0]))
    assert f"({whole})" not in text
    assert f"({whole})" in plain(adequacy.verdicts(changed(), EN))


@pytest.mark.parametrize(("language", "name"), [("fa", "کلاس · پیر"), ("ar", "كلاس · پير")])
def test_the_reports_own_words_are_in_the_letters_of_their_language(small_analysis, changed, language, name):
    labels = small_analysis.labels
    theme = int(labels["theme_id"].iloc[0])
    labels = labels.assign(label=labels["label"].mask(labels["theme_id"] == theme, "كلاس · پير"))
    assert theme_names(load_messages(language), changed(labels=labels))[theme] == name


def test_all_comments_have_no_share_of_all_comments(changed, small_analysis):
    cells = small_analysis.adequacy_cells
    assert set(cells["dimension"]) <= {"", "all"}
    figure = adequacy.cells(changed(), EN)
    assert set(figure.table[EN("adequacy.share")]) == {"–"}


def test_a_change_that_cannot_be_parted_does_not_say_that_there_are_no_scores(changed, small_analysis):
    told = pd.DataFrame([("mix", "nps", "one_group", 0), ("mix", "effort", "no_scores", 0)],
                        columns=["insight", "part", "reason", "n"])
    text = plain(trends.mix(changed(mix=small_analysis.mix.iloc[:0], evidence_reasons=told), EN))
    assert text.strip() == EN("reason.one_group")


@pytest.mark.parametrize("language", available_languages())
def test_every_reason_has_its_words(language):
    m = load_messages(language)
    for reason in ("one_group", "no_theme_of_customers", "no_cell_of_customers"):
        assert m(f"reason.{reason}")


def test_names_turn_nothing_beyond_themselves():
    """A closing mark in a name would end its isolation, and an override turn round what follows."""
    assert isolated("a\u2069\u202e1 of 2\u2066") == "\u2068a1 of 2\u2069"


def test_names_of_values_are_not_searched_for(changed, monkeypatch):
    """Thousands of segments have names of their own; the nearest message to each is nobody's question."""
    monkeypatch.setattr(messages, "did_you_mean", lambda *_: pytest.fail("searched"))
    assert value_name(EN, "segment", "Branch 12", changed()) == "Branch 12"
    assert value_name(EN, "segment", "student", changed()) == "Student"
    assert value_name(EN, "channel", "a.b", changed()) == "a.b"


@pytest.mark.parametrize(("confidence", "shown"), [(0.95, "95%;"), (0.995, "99.5%;")])
def test_a_receipt_states_the_confidence_as_the_study_does(confidence, shown):
    receipt = {"confidence": confidence, "minimum_cell": 5, "analysis": "k", "part": "about", "counted": 3,
               "comments": 4}
    assert shown in receipt_html(receipt, EN)
    assert "no duplicates" in receipt_html(receipt, EN)
    assert "duplicates among them" in receipt_html({**receipt, "count_duplicates": True}, EN)
