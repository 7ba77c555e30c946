"""Each part of a report, on the small analysis and on changed copies of its tables."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections import change, examined, headline, journey, journey_map, method, themes, voices
from workbench.report.sections.wording import (
    confidence_interval,
    isolated,
    period_name,
    stage_names,
    theme_names,
    value_name,
)

LANGUAGES = ("en", "ar", "fa")
EN = load_messages("en")


@pytest.fixture
def changed(small_analysis):
    """Return a function that copies the analysis with other tables, facts or settings of its insights."""

    def change_it(tables=None, facts=None, **settings):
        study = small_analysis.study
        study = study.model_copy(update={"insights": study.insights.model_copy(update=settings)})
        told = {**small_analysis.facts["insights"], **(facts or {})}
        return replace(small_analysis, study=study, tables={**small_analysis.tables, **(tables or {})},
                       facts={**small_analysis.facts, "insights": told})

    return change_it


def without_themes(analysis):
    def real(name):
        return analysis[name][analysis[name]["theme_id"] < 0]

    return {name: real(name) for name in ("themes", "labels", "periods", "stretches", "stage_shares",
                                          "theme_scores", "members", "quotes")}


def periods_table(days, counts, bases):
    table = pd.DataFrame({"theme_id": 0, "period": pd.to_datetime(days), "comment_count": counts, "base": bases})
    table["comment_share"] = table["comment_count"] / table["base"]
    return table.assign(comment_share_low=table["comment_share"] / 2, comment_share_high=table["comment_share"],
                        is_partial=False)


def one_stretch(count=40, elsewhere=20, first="2026-01-05", last="2026-01-12"):
    return pd.DataFrame({
        "theme_id": [0], "first_period": pd.to_datetime([first]), "last_period": pd.to_datetime([last]),
        "comment_count": [count], "base": [100], "comment_share": [0.41], "comment_share_low": [0.31],
        "comment_share_high": [0.52], "comment_count_elsewhere": [elsewhere], "base_elsewhere": [300],
        "comment_share_elsewhere": [0.07], "comment_share_elsewhere_low": [0.04],
        "comment_share_elsewhere_high": [0.11], "p_value": [0.001], "p_adjusted": [0.002]})


def spaced(text):
    return " ".join(text.split())


def plain(html):
    return html._repr_mimebundle_()["text/plain"]


def values_of(figure):
    return {key: value for rows in figure.chart.to_dict()["datasets"].values() for row in rows
            for key, value in row.items()}


def rows_of(figure):
    return [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]


# Periods ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "period", "day", "long", "short"), [
    ("en", "month", "2026-03-01", "March 2026", "Mar 2026"),
    ("en", "week", "2026-03-02", "2 March 2026", "2 Mar 2026"),
    ("en", "quarter", "2026-01-01", "Q1 2026", "Q1 2026"),
    ("en", "quarter", "2026-10-01", "Q4 2026", "Q4 2026"),
    ("ar", "quarter", "2026-01-01", "الربع 1 من 2026", "الربع 1 من 2026"),
    ("ar", "week", "2026-03-02", "2 مارس 2026", "2 مارس 2026"),
    ("de", "month", "2025-11-01", "November 2025", "Nov. 2025"),
    ("de", "week", "2025-11-03", "3. November 2025", "3. Nov. 2025"),
    ("es", "month", "2025-11-01", "noviembre de 2025", "nov 2025"),
    ("fr", "month", "2025-11-01", "novembre 2025", "nov. 2025"),
    ("tr", "month", "2025-11-01", "Kasım 2025", "Kas 2025"),
    ("fa", "month", "2025-11-01", "نوامبر ۲۰۲۵", "نوامبر ۲۰۲۵"),
    ("fa", "quarter", "2026-01-01", "فصل ۱، ۲۰۲۶", "فصل ۱، ۲۰۲۶"),
    ("fa", "week", "2026-03-02", "۲ مارس ۲۰۲۶", "۲ مارس ۲۰۲۶"),
])
def test_periods_are_named_by_their_kind(language, period, day, long, short):
    m = load_messages(language)
    assert period_name(m, pd.Timestamp(day), period) == long
    assert period_name(m, pd.Timestamp(day), period, short=True) == short


def test_weeks_of_one_month_stay_apart(changed):
    days = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]
    analysis = changed({"periods": periods_table(days, [10, 20, 30, 40], [50] * 4)}, period="week")
    figure = change.themes_over_time(analysis, EN, 3)
    assert len({row["column"] for row in rows_of(figure)}) == 4
    assert figure.table.iloc[0, 1:].tolist() == ["20%", "40%", "60%", "80%"]


def test_a_grid_of_time_shows_the_last_26_periods_and_says_so(changed):
    days = pd.date_range("2025-01-06", periods=30, freq="7D")
    analysis = changed({"periods": periods_table(days, [10] * 30, [50] * 30)}, period="week")
    figure = change.themes_over_time(analysis, EN, 3)
    assert figure.table.shape == (1, 27)
    assert figure.table.columns[-1].strip("\u2068\u2069") == "28 Jul 2025"
    assert "Only the last 26 of 30 periods are shown." in figure.description
    few = change.themes_over_time(changed({"periods": periods_table(days[:26], [10] * 26, [50] * 26)}), EN, 3)
    assert "Only the last" not in few.description


@pytest.mark.parametrize(("period", "first", "last", "end"), [
    ("week", "2026-01-05", "2026-01-12", "2026-01-19"),
    ("month", "2026-01-01", "2026-02-01", "2026-03-01"),
    ("quarter", "2025-10-01", "2026-01-01", "2026-04-01"),
])
def test_the_shading_ends_where_the_last_period_ends(changed, period, first, last, end):
    analysis = changed({"periods": periods_table([first, last], [20, 20], [50, 50]),
                        "stretches": one_stretch(first=first, last=last)}, period=period)
    shaded = values_of(change.strongest_change(analysis, EN))
    assert (shaded["from"][:10], shaded["to"][:10]) == (first, end)


@pytest.mark.parametrize(("dimension", "value", "name"), [
    ("touchpoint", "delivery", "Delivery"), ("touchpoint", "kiosk", "kiosk"), ("stage", "use", "Use"),
    ("market", "EG", "Egypt"), ("language", "fa", "Persian"),
])
def test_values_are_called_by_their_names(small_analysis, dimension, value, name):
    assert value_name(EN, dimension, value, small_analysis) == name


def test_states_whose_codes_are_those_of_countries_keep_their_own_names(small_analysis):
    facts = small_analysis.facts
    states = replace(small_analysis, facts={**facts, "feedback": {**facts["feedback"], "markets_are_countries": False}})
    assert value_name(EN, "market", "MG", small_analysis) == "Madagascar"
    assert value_name(EN, "market", "MG", states) == "MG"


def test_sentences_speak_of_weeks(changed):
    stretch = one_stretch()
    row = {"rank": 1, "kind": "stretch", "theme_id": 0, "n": 40, "estimate": 0.41, "estimate_low": 0.31,
           "estimate_high": 0.52, "comparison": 0.07, "first_period": stretch.loc[0, "first_period"],
           "last_period": stretch.loc[0, "last_period"]}
    analysis = changed({"stretches": stretch, "headlines": pd.DataFrame([row])}, period="week")
    assert "from the week of 5 January 2026 to the week of 12 January 2026" in plain(headline.findings(analysis, EN))


def test_a_finding_is_not_compared_with_a_small_rest(changed):
    row = {"rank": 1, "kind": "stretch", "theme_id": 0, "n": 40, "estimate": 0.41, "estimate_low": 0.31,
           "estimate_high": 0.52, "comparison": 0.07, "first_period": pd.Timestamp("2026-01-01"),
           "last_period": pd.Timestamp("2026-02-01")}
    found = {"headlines": pd.DataFrame([row])}
    assert "7%" in plain(headline.findings(changed({**found, "stretches": one_stretch(elsewhere=5)}), EN))
    text = plain(headline.findings(changed({**found, "stretches": one_stretch(elsewhere=4)}), EN))
    assert "%" not in text  # its own share would tell the rest, beside the count of the theme
    assert "in the rest of the time fewer than 5 comments spoke of it" in text


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fa", "fr", "tr"])
def test_what_a_stretch_is_compared_with_has_its_interval_and_count(changed, language):
    m = load_messages(language)
    first, last = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")
    row = {"rank": 1, "kind": "stretch", "theme_id": 0, "n": 40, "estimate": 0.41, "estimate_low": 0.31,
           "estimate_high": 0.52, "comparison": 0.07, "first_period": first, "last_period": last}
    analysis = changed({"headlines": pd.DataFrame([row]), "stretches": one_stretch(first=first, last=last),
                        "periods": periods_table([first, last], [20, 20], [50, 50])})
    for told in (plain(headline.findings(analysis, m)), plain(change.stretches(analysis, m)),
                 change.strongest_change(analysis, m).description):
        for share, low, high, count in ((0.41, 0.31, 0.52, 40), (0.07, 0.04, 0.11, 20)):
            span = m("words.interval", low=isolated(m.percent(low)), high=isolated(m.percent(high)))
            measured = m("words.measured", share=isolated(m.percent(share)), span=span,
                         comments=m("words.n_comments", count=count))
            begin, end = (spaced(part) for part in measured.split("(", 1))  # what the share is of may stand between
            assert re.search(f"{re.escape(begin)}.*{re.escape(end)}", spaced(told))


def test_few_unassigned_comments_are_not_told(changed, small_analysis):
    table = small_analysis.themes.copy()
    table.loc[table["theme_id"] < 0, "comment_count"] = 5
    assert re.search(r"\d+%\W+\(\W*\d+%\W+to\W+\d+%\W+of comments hold a statement that fits no theme",
                     plain(headline.key_figures(changed({"themes": table}), EN)))
    table.loc[table["theme_id"] < 0, "comment_count"] = 4
    assert "fits no theme" not in plain(headline.key_figures(changed({"themes": table}), EN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_themes_whose_short_names_agree_stay_two_rows(changed, small_analysis, language):
    labels = small_analysis.labels.copy()
    labels["label"] = [f"the very same long beginning {theme}" for theme in labels["theme_id"]]
    insights = small_analysis.study.insights.model_copy(update={"minimum_cell": 1})
    study = small_analysis.study.model_copy(update={"insights": insights})
    analysis = dataclasses.replace(changed({"labels": labels}), study=study)
    m = load_messages(language)
    expected = min(3, labels["theme_id"].nunique())
    for figure in (change.themes_over_time(analysis, m, 3), journey.themes_by_stage(analysis, m, 3)):
        assert figure.table[m("words.theme")].nunique() == len(figure.table) == expected > 1


# Small cells -----------------------------------------------------------------------------------------------------


def test_small_cells_over_time_are_hidden_and_nobody_is_not(changed):
    days = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]
    analysis = changed({"periods": periods_table(days, [4, 5, 0, 1, 0], [50, 50, 50, 4, 0]),
                        "stretches": one_stretch(first=days[1], last=days[1])})
    grid = change.themes_over_time(analysis, EN, 3)
    assert grid.table.iloc[0, 1:].tolist() == ["too few", "10%", "0%", "too few", "no evidence"]
    line = change.strongest_change(analysis, EN)
    assert "of comments in February 2026 (shaded)" in re.sub("[\u2068\u2069]", "", line.description)
    assert line.table["Comments"].tolist() == ["too few", "5", "0", "too few", "0"]
    assert line.table["Share"].tolist() == ["too few", "10%", "0%", "too few", "–"]
    assert line.table[confidence_interval(EN, analysis)].tolist()[0] == ""
    assert line.table["All comments"].tolist() == ["50", "50", "50", "too few", "0"]
    assert 0.08 not in [row.get("share") for row in rows_of(line) + rows_of(grid)]


def test_a_small_stretch_shows_no_numbers(changed, small_analysis):
    small = changed({"stretches": one_stretch(count=4, elsewhere=3)})
    text = plain(change.stretches(small, EN))
    assert "41%" not in text
    assert "7%" not in text
    assert text.count("too few") == 2
    assert "too few comments" in plain(change.strongest_change(small, EN))
    rest = changed({"stretches": one_stretch(elsewhere=3),
                    "periods": small_analysis.periods})
    assert "too few in the rest of the time" in change.strongest_change(rest, EN).description


def test_a_theme_of_few_comments_shows_no_numbers(changed, small_analysis):
    table = small_analysis.themes.copy()
    table.loc[0, ["comment_count", "statement_count", "comment_share"]] = [3, 3, 0.123]
    table["stability"] = 1.0
    analysis = changed({"themes": table})
    figure = themes.theme_shares(analysis, EN, 9)
    name = theme_names(EN, analysis)[int(table.loc[0, "theme_id"])]
    row = figure.table.set_index("Theme").loc[name]
    assert row[["Comments", "Statements", "Share"]].tolist() == ["too few"] * 3
    assert row[confidence_interval(EN, analysis)] == ""
    assert 0.123 not in [row.get("value") for row in rows_of(figure)]
    assert "12%" not in plain(themes.theme_profiles(analysis, EN, 9))
    assert name not in plain(themes.theme_profiles(analysis, EN, 9))
    table["comment_count"] = 3
    assert "No theme has as many as 5 comments" in plain(themes.theme_profiles(changed({"themes": table}), EN, 9))
    assert "No theme has as many as 5 comments" in plain(themes.theme_shares(changed({"themes": table}), EN, 9))


def test_a_score_of_few_answers_is_hidden(changed):
    scores = pd.DataFrame({"measure": ["nps", "effort"], "n": [4, 5], "score": [37.0, 2.5],
                           "score_low": [11.0, 2.1], "score_high": [61.0, 2.9]})
    text = plain(headline.key_figures(changed({"scores": scores}), EN))
    assert "37" not in text
    assert "11" not in text
    assert "fewer than 5 answers" in text
    assert "2.5" in text
    assert "5 answers" in text


@pytest.mark.parametrize(("language", "shown"), [
    ("en", "Mr [name] of [address] [late]"), ("ar", "Mr [اسم] of [عنوان] [late]"), ("fa", "Mr [نام] of [نشانی] [late]"),
    ("de", "Mr [Name] of [Adresse] [late]")])
def test_what_stands_for_personal_data_is_in_the_language_of_the_page(changed, small_analysis, language, shown):
    said = "Mr [name] of [address] [late]"
    analysis = changed({"quotes": small_analysis.quotes.assign(text=said),
                        "stage_quotes": small_analysis.stage_quotes.assign(text=said)})
    m = load_messages(language)
    for part in (themes.theme_profiles(analysis, m, 9), journey_map.journey_map(analysis, m)):
        assert shown in part.html
        assert (said in part.html) is (language == "en")


@pytest.mark.parametrize("written", ["email", "E-Mail", "Email", "EMAIL"])
def test_a_known_channel_has_its_name_however_it_is_written(small_analysis, written):
    assert value_name(load_messages("fa"), "channel", written, small_analysis) == "ایمیل"


def test_no_unstable_theme_needs_no_sentence(changed, small_analysis):
    steady = changed({"themes": small_analysis.themes.assign(stability=0.9)})
    assert "unstable" not in themes.theme_shares(steady, EN, 9).description
    shaky = changed({"themes": small_analysis.themes.assign(stability=0.1)})
    assert "unstable" in themes.theme_shares(shaky, EN, 9).description


def test_comments_that_could_not_be_used_stand_on_the_first_page(changed, small_analysis):
    rejected = pd.DataFrame({"reason": ["empty_text", "bad_date", "bad_nps", "forgotten"]})
    read = small_analysis.facts["insights"]["comments"]
    told = plain(headline.key_figures(changed({"rejected": rejected}), EN))
    assert f"of {read} read; 2 more could not be used" in told
    for language in LANGUAGES:
        assert load_messages(language)("headline.comments_of_more", all=read, rows=2) in plain(
            headline.key_figures(changed({"rejected": rejected}), load_messages(language)))
    assert "could not be used" not in plain(headline.key_figures(changed({"rejected": rejected.iloc[[0, 3]]}), EN))


@pytest.mark.parametrize(("counts", "shown"), [([90, 5, 4, 1], "2"), ([4, 3, 0, 1], "3")])
def test_a_language_of_very_few_comments_may_be_a_mistake_and_is_not_counted(changed, small_analysis, counts, shown):
    rows = small_analysis.coverage.query("dimension == 'language'").iloc[[0] * 4]
    coverage = rows.assign(value=["en", "fa", "ar", "it"], comment_count=counts)
    assert f"{shown} languages" in plain(headline.key_figures(changed({"coverage": coverage}), EN))


@pytest.mark.parametrize(("count", "expected"), [
    (0, "Not heard at all"), (1, "with fewer than 5 comments"), (4, "with fewer than 5 comments"),
    (5, "with 4.1% of comments (1.0% to 9.0%; 5 comments), where 30.0% were expected"),
])
def test_a_small_cell_is_spoken_of_without_numbers(changed, count, expected):
    row = {"rank": 1, "kind": "unheard", "theme_id": pd.NA, "dimension": "market", "value": "JO", "n": count,
           "estimate": 0.041, "estimate_low": 0.01, "estimate_high": 0.09, "comparison": 0.3}
    text = plain(headline.findings(changed({"headlines": pd.DataFrame([row])}), EN))
    text = text.translate({0x2068: None, 0x2069: None})
    assert expected in text
    assert ("4.1%" in text) == (count == 5)


def test_a_dimension_of_small_cells_has_a_table_and_no_chart(changed, small_analysis):
    coverage = small_analysis.coverage.assign(comment_count=2, comment_share=0.222)
    shown = voices.who_spoke(changed({"coverage": coverage}), EN, "market")
    assert "Nothing here has as many as 5 comments" in plain(shown)
    assert "22%" not in plain(shown)


def test_a_language_of_few_comments_is_hidden(changed, small_analysis):
    assert "too few" not in plain(method.by_language(small_analysis, EN))
    assert plain(method.by_language(changed(minimum_cell=1000), EN)).count("too few") == 3


def test_the_summary_leaves_small_numbers_out(changed, tmp_path, small_analysis):
    page = Page(changed(minimum_cell=1000))
    page.save_summary(tmp_path / "summary.json")
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert set(summary["languages"].values()) == {None}
    assert {theme["comment_share"] for theme in summary["themes"] if theme["comment_count"] != 0} == {None}
    assert {score["score"] for score in summary["scores"]} == {None}
    assert summary["key"] == small_analysis.key


# Settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "share", "shown"), [
    ("en", 0.9, "90%"), ("ar", 0.9, "90%"), ("fa", 0.9, "۹۰٪"), ("en", 0.995, "99.5%")])
def test_the_confidence_is_the_studys(changed, language, share, shown):
    m = load_messages(language)
    analysis = changed({"stretches": one_stretch(first="2026-01-01", last="2026-02-01")}, confidence=share)
    figures = [themes.theme_shares(analysis, m, 3), voices.who_spoke(analysis, m, "market"),
               change.strongest_change(analysis, m)]
    for figure in figures:
        assert shown in figure.description
        assert any(shown in column for column in figure.table.columns)
    assert shown in plain(headline.key_figures(analysis, m))


def test_no_message_states_a_confidence_of_its_own():
    for language in LANGUAGES:
        texts = json.dumps(load_messages(language).texts, ensure_ascii=False)
        assert "95" not in texts
        assert "۹۵" not in texts


# Nothing to show -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_themes_a_sentence_says_so(changed, small_analysis, language):
    analysis, m = changed(without_themes(small_analysis)), load_messages(language)
    shown = [themes.theme_shares(analysis, m, 3), themes.theme_scores(analysis, m, 3),
             themes.theme_profiles(analysis, m, 3), change.themes_over_time(analysis, m, 3),
             journey.themes_by_stage(analysis, m, 3), change.stretches(analysis, m),
             change.strongest_change(analysis, m)]
    assert {plain(part) for part in shown} == {m("themes.none_found")}


def test_without_counted_comments_that_is_what_is_said(changed, small_analysis):
    tables = {**without_themes(small_analysis), "periods": pd.DataFrame(), "stretches": pd.DataFrame(),
              "profile": small_analysis.profile.assign(is_counted=False)}
    analysis = changed(tables, facts={"counted": 0})
    shown = [headline.key_figures(analysis, EN), voices.who_spoke(analysis, EN, "market"),
             themes.theme_shares(analysis, EN, 3), change.themes_over_time(analysis, EN, 3),
             change.stretches(analysis, EN), change.strongest_change(analysis, EN)]
    assert {plain(part) for part in shown} == {EN("headline.nothing_counted")}


def test_too_few_comments_of_each_language_are_not_told_as_no_comment_at_all(changed):
    told = examined.unassigned_by_language(changed(minimum_cell=1000), EN).html
    assert "Nothing here has as many as 1,000 comments" in told
    told = examined.unassigned_by_language(changed(minimum_cell=1000, facts={"counted": 0}), EN).html
    assert "No comment is counted" in told


@pytest.mark.parametrize(("without", "shares", "most"), [
    ({"en": 3, "ar": 3, "fa": 9}, {"English": "at most 22%", "Arabic": "at most 22%", "Persian": "50%"}, True),
    ({"en": 3, "ar": 3, "fa": 0}, {"English": "at most 22%", "Arabic": "at most 22%", "Persian": "0%"}, False),
    ({"en": 15, "ar": 15, "fa": 6}, {"English": "at least 78%", "Arabic": "at least 78%", "Persian": "33%"}, False)])
def test_a_language_of_few_comments_without_a_theme_is_told_by_its_bound(changed, small_analysis, without, shares,
                                                                         most):
    """Of the languages that are served best nothing was said, and of those shown the most was named all the same."""
    table = small_analysis.parity
    rows = (table["measure"] == "unassigned") & table["language"].isin(without)
    share = table["language"].map(without) / 18
    named = changed({"parity": table.assign(**{column: table[column].mask(rows, share) for column in (
        "value", "low", "high")}, n=table["n"].mask(rows, 18))})
    figure = examined.unassigned_by_language(named, EN)
    told = figure.table["Share"].str.replace("[\u2068\u2069]", "", regex=True)
    assert dict(zip(figure.table["Language"], told, strict=True)) == shares
    assert [bool(span) for span in figure.table.iloc[:, 3]] == ["at" not in share for share in told]
    assert ("Most: " in figure.description) == most


def test_missing_dates_are_only_spoken_of_where_there_are_none(changed, small_analysis):
    undated = small_analysis.comments.assign(created_at=pd.NaT)
    nothing = {"periods": pd.DataFrame(), "stretches": pd.DataFrame()}
    assert plain(change.stretches(changed({**nothing, "comments": undated}), EN)) == EN("change.no_dates")
    assert plain(change.stretches(changed(nothing), EN)) != EN("change.no_dates")
    two = periods_table(["2026-01-01", "2026-02-01"], [9, 9], [50, 50])
    assert "fewer than three periods" in plain(change.stretches(changed({**nothing, "periods": two}), EN))


# Silence ---------------------------------------------------------------------------------------------------------


def test_silent_stages_are_those_that_no_comment_speaks_of(changed, small_analysis):
    coverage = small_analysis.coverage.copy()
    stages = coverage["dimension"] == "stage"
    coverage.loc[stages, "comment_count"] = 9
    # The theme shown has nothing in any stage but others do: only what coverage says is silent.
    shares = small_analysis.stage_shares.assign(comment_count=0)
    told = journey.themes_by_stage(changed({"coverage": coverage, "stage_shares": shares}), EN, 1).description
    assert "Nobody spoke of" not in told
    first = coverage.loc[stages, "value"].iloc[0]
    coverage.loc[stages & (coverage["value"] == first), "comment_count"] = 0
    told = journey.themes_by_stage(changed({"coverage": coverage, "stage_shares": shares}), EN, 1).description
    assert told.endswith(f"Nobody spoke of: \u2068{stage_names(EN, small_analysis)[first]}\u2069.")


@pytest.mark.parametrize(("language", "stage", "theme"), [
    ("en", "Without a stage", "Unassigned"), ("ar", "بلا مرحلة", "بلا موضوع"), ("fa", "بی‌مرحله", "بی‌موضوع")])
def test_no_stage_and_no_theme_have_names_of_their_own(small_analysis, language, stage, theme):
    m = load_messages(language)
    assert stage_names(m, small_analysis)["unassigned"] == stage
    assert theme_names(m, small_analysis)[-1] == theme


def test_without_any_expectation_nobody_can_be_missed(changed, small_analysis):
    coverage = small_analysis.coverage
    free = coverage[coverage["dimension"] != "stage"].assign(expected_share=float("nan"), heard="no expectation")
    shown = plain(voices.who_was_not_heard(changed({"coverage": free}), EN))
    assert shown == "This study states no expectation, so who is missing cannot be told."
    met = free.assign(expected_share=0.3, heard="as expected")
    assert plain(voices.who_was_not_heard(changed({"coverage": met}), EN)) == EN("voices.all_heard")
    less = coverage[coverage["dimension"] == "stage"].head(1).assign(
        heard="less than expected", comment_share=0.005, comment_share_low=0.003, comment_share_high=0.012,
        comment_count=60, expected_share=0.055)
    shown = plain(voices.who_was_not_heard(changed({"coverage": pd.concat([met, less])}), EN))
    shown = shown.translate({0x2068: None, 0x2069: None})
    assert "95% interval" in shown
    assert re.search(r"0\.5%\s+0\.3% to 1\.2%\s+5\.5%", shown)
    silent = coverage[coverage["dimension"] == "stage"].head(1).assign(comment_count=0, heard="not heard")
    shown = plain(voices.who_was_not_heard(changed({"coverage": pd.concat([free, silent])}), EN))
    assert shown.startswith("This study states no expectation")
    assert "Stage of the journey" in shown


def test_given_themes_that_were_not_found_are_named(changed):
    given = pd.DataFrame({"name": ["Bills", "Space <b>", "Invoices"], "matched_count": [9, 0, 4],
                          "outcome": ["found", "no_match", "shared"]})
    told = examined.how_they_were_named(changed({"given_themes": given}), EN).html
    assert re.search("no statement is like:.*Space &lt;b&gt;.*given before them:.*Invoices", told)
    assert "Bills" not in told
    assert "given" not in examined.how_they_were_named(changed({"given_themes": given.iloc[:1]}), EN).html


# Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "expected"), [
    ("en", "Theme 1001 (no common words)"), ("ar", "الموضوع 1001 (بلا كلمات مشتركة)"),
    ("fa", "موضوع ۱۰۰۱ (بدون واژهٔ مشترک)")])
def test_a_theme_without_words_is_named_by_its_own_number(language, expected):
    labels = pd.DataFrame({"theme_id": [0, 1001], "language": language, "label": ["invoice 2", "2"]})
    names = theme_names(load_messages(language), SimpleNamespace(labels=labels))
    assert (names[0], names[1001]) == ("invoice 2", expected)


@pytest.mark.parametrize(("language", "one", "three"), [
    ("en", "1 comment", "3 comments"), ("ar", "تعليق واحد", "3 تعليقات"), ("fa", "۱ نظر", "۳ نظر")])
def test_counted_nouns_agree_with_their_number(language, one, three):
    m = load_messages(language)
    assert (m("words.n_comments", count=1), m("words.n_comments", count=3)) == (one, three)


def test_english_agrees_with_one(changed, small_analysis):
    coverage = small_analysis.coverage
    coverage = coverage[(coverage["dimension"] != "language") | (coverage["value"] == "en")]
    table = small_analysis.themes
    table = table[table["theme_id"] < 1].assign(stability=0.1)
    analysis = changed({"coverage": coverage, "themes": table,
                        "labels": small_analysis.labels.query("theme_id < 1")}, facts={"counted": 1, "comments": 1})
    text = plain(headline.key_figures(analysis, EN))
    assert "1 language " in text
    assert "1 theme found" in text
    assert "1 comment counted" in text
    told = themes.theme_shares(analysis, EN, 3).description
    assert "1 theme was found" in told
    assert "1 of them is marked" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_counted_noun_is_left_in_one_fixed_form(language):
    texts = load_messages(language).texts
    fixed = {"en": ("} comments", "} answers", "} languages", "} themes", "} periods", "} stages"),
             "ar": ("} تعليق", "} موضوع", "} فترة", "} مراحل", "} سطر"), "fa": ("} نظرها",)}[language]
    found = [text for section, part in texts.items() if section != "prose" for text in part.values()
             if isinstance(text, str) and any(noun in text for noun in fixed) and "{minimum}" not in text
             and "{all}" not in text]  # both are 2 or more
    assert found == []


def test_a_low_score_is_held_against_the_others(changed):
    row = {"rank": 1, "kind": "low_score", "theme_id": 0, "n": 30, "estimate": -40.0, "estimate_low": -60.0,
           "estimate_high": -20.0, "comparison": 12.0}
    text = plain(headline.findings(changed({"headlines": pd.DataFrame([row])}), EN))
    assert "against \u206812\u2069 for the others" in text
    assert "30 answers" in text


def test_limits_say_who_wrote_more_than_once(changed, small_analysis):
    comments = small_analysis.comments
    counted = comments["feedback_id"].isin(small_analysis.profile.query("is_counted")["feedback_id"])
    ids = comments["feedback_id"].astype(object).where(~counted | (counted.cumsum() > 7), "one and the same")
    text = plain(method.limits(changed({"comments": comments.assign(customer_id=ids)}), EN))
    assert f"7 of {counted.sum()} counted comments come from customers (or accounts, where these are known)" in text
    for without in (comments.drop(columns="customer_id"), comments.assign(customer_id=None)):
        text = plain(method.limits(changed({"comments": without}), EN))
        assert "not known which come from the same customer" in text
        assert "counted comments come" not in text
    of_a_firm = comments.drop(columns="customer_id").assign(account_id="firm")
    text = plain(method.limits(changed({"comments": of_a_firm}), EN))
    assert f"{counted.sum()} of {counted.sum()} counted comments come" in text


@pytest.mark.parametrize(("language", "expected"), [
    ("en", "without the comments of a fifth of the customers"), ("ar", "خُمس"), ("fa", "یک‌پنجم")])
def test_limits_say_what_stability_is(small_analysis, language, expected):
    assert expected in plain(method.limits(small_analysis, load_messages(language)))


def test_marks_and_names_are_edged_in_white_where_they_lie_on_other_colours():
    from workbench.charts import interval_bars, score_points

    table = pd.DataFrame({"name": ["a"], "value": [0.3], "low": [0.2], "high": [0.4], "expected": [0.1]})
    bars = interval_bars(table, axis_title="Share", language="en", reference="expected").to_dict()["layer"]
    assert [layer["mark"]["stroke"] for layer in bars if layer["mark"]["type"] == "tick"] == ["#ffffff"]
    points = score_points(table, axis_title="NPS", language="fa", everybody=0.0).to_dict()["layer"]
    marks = [layer["mark"]["type"] for layer in points]
    assert marks.index("rule") < marks.index("text") < len(marks) - 1
    assert points[marks.index("text")]["mark"]["stroke"] == "#ffffff"
    assert "stroke" not in points[-1]["mark"]


def test_a_line_breaks_where_there_is_no_share():
    from workbench.charts import share_line

    days = pd.date_range("2026-01-01", periods=4, freq="MS")
    table = pd.DataFrame({"period": days, "share": [0.1, None, 0.2, 0.3], "low": [0.0, None, 0.1, 0.2],
                          "high": [0.2, None, 0.3, 0.4], "is_partial": False})
    spec = share_line(table, axis_title="Share", language="en").to_dict()
    band, line = spec["layer"][:2]
    assert band["mark"]["invalid"] == line["mark"]["invalid"] == "break-paths-show-domains"
    assert [day["month"] for day in line["encoding"]["x"]["scale"]["domain"]] == [1, 4]
    assert len(next(iter(spec["datasets"].values()))) == 4


def test_a_stretch_up_to_the_end_is_shaded_as_long_as_it_is():
    from workbench.charts import share_line

    days = pd.date_range("2026-01-01", periods=4, freq="MS")
    table = pd.DataFrame({"period": days, "share": 0.2, "low": 0.1, "high": 0.3, "is_partial": False})
    end = pd.Timestamp("2026-05-01")
    spec = share_line(table, axis_title="Share", language="en", first=days[3], last=end).to_dict()
    assert [layer["encoding"]["x"]["scale"]["domain"][1]["month"] for layer in spec["layer"][1:]] == [5] * 4


@pytest.mark.parametrize(("shares", "alone"), [
    ([0.1, None, 0.2, None], [True, False, True, False]), ([0.1, 0.2, None, 0.3], [False, False, False, True]),
    ([0.1, 0.2, 0.3, 0.4], [False] * 4),
])
def test_a_period_that_stands_alone_has_its_interval_as_a_line(shares, alone):
    from workbench.charts import share_line

    days = pd.date_range("2026-01-01", periods=4, freq="MS")
    table = pd.DataFrame({"period": days, "share": shares, "low": shares, "high": shares, "is_partial": False})
    spec = share_line(table, axis_title="Share", language="en").to_dict()
    rule = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rule")
    assert [rule["encoding"][end]["field"] for end in ("y", "y2")] == ["low", "high"]
    assert rule["transform"] == [{"filter": "datum.is_alone"}]
    assert [row["is_alone"] for row in next(iter(spec["datasets"].values()))] == alone


DRAW = """import pandas as pd
from workbench.charts import share_line
from workbench.charts.stills import still_picture
days = pd.date_range("2025-10-01", periods=6, freq="MS")
table = pd.DataFrame({"period": days, "share": 0.2, "low": 0.1, "high": 0.3, "is_partial": False})
chart = share_line(table, axis_title="Share", language="fa", first=days[1], last=days[3])
print(still_picture(chart.to_dict()))"""


def test_a_line_is_drawn_alike_in_every_time_zone():
    zones = ("America/Los_Angeles", "Asia/Tehran")
    pictures = [subprocess.run([sys.executable, "-c", DRAW], capture_output=True, check=True,
                               env={**os.environ, "TZ": zone}).stdout for zone in zones]
    assert pictures[0].startswith(b"<svg")
    assert pictures[0] == pictures[1]


def test_a_dimension_that_is_none_is_told(small_analysis):
    with pytest.raises(InputError, match=r"no dimension 'markt' \(did you mean 'market'\?\); who spoke is told by"):
        Page(small_analysis, "fa").who_spoke("markt")


@pytest.mark.parametrize(("check", "reason", "shown"), [
    ("proxies", "customers_speak", "92%"), ("proxies", "proxies_speak", "8%"),
    ("coverage", "several_channels", "8% by the most used channel")])
def test_a_share_of_customers_or_of_a_channel_agrees_with_the_sentence_beside_it(small_analysis, check, reason, shown):
    checks = pd.DataFrame({"decision": ["Courier"], "check": [check], "verdict": ["adequate"], "reason": [reason],
                           "value": [0.08], "limit": [0.1]})
    verdicts = pd.DataFrame({"decision": ["Courier"], "verdict": ["adequate"], "n": [40]})
    tables = {**small_analysis.tables, "adequacy_checks": checks, "adequacy": verdicts}
    page = Page(replace(small_analysis, tables=tables), "en")
    assert f">{shown}</td>" in page.adequacy().html


def test_a_score_that_is_none_is_told(small_analysis):
    with pytest.raises(InputError, match=r"no score 'npp' \(did you mean 'nps'\?\); what goes with a score is told of"):
        Page(small_analysis, "fa").impact("npp")
