"""Many reports in one command: parts, languages, jobs."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from workbench.commands.analyse import told_without_report
from workbench.errors import InputError
from workbench.report import batch, execution
from workbench.report.batch import Part, parts_by, render_reports, withheld_parts
from workbench.report.page import Page
from workbench.report.request import page_name

NOTEBOOK = """study: str = ""
language: str = "en"
only: str | None = None
summary_path: str = ""
"""
CELL = """
import json, pathlib
import workbench as wb
analysis = wb.analyse(study, only=only, progress=False)
pathlib.Path(summary_path).write_text(json.dumps({"only": only, "comments": len(analysis.comments)}))
"""


def test_what_is_stopped_as_it_begins_begins_nothing_more_and_ends_what_was_begun(small_study, counting, monkeypatch):
    submit, begun = ThreadPoolExecutor.submit, []

    def stopped(pool, make, part, language):
        submit(pool, make, part, language)
        if language == "fa":
            raise KeyboardInterrupt

    def wait_for_the_end(*_, language, **__):
        begun.append((language, execution._STOPPED.wait(10)))

    monkeypatch.setattr(batch, "render_report", wait_for_the_end)
    monkeypatch.setattr(ThreadPoolExecutor, "submit", stopped)
    with pytest.raises(KeyboardInterrupt):
        list(render_reports(counting, study=small_study, languages=["en", "ar", "fa"], progress=False))
    assert begun == [("en", True)]


def parameters_cell(source):
    from nbformat import v4

    return v4.new_code_cell(source, metadata={"tags": ["parameters"]})


@pytest.fixture
def counting(write_notebook):
    return write_notebook(parameters_cell(NOTEBOOK), CELL)


def test_parts_are_those_with_enough_comments(small_study):
    large, small = parts_by(small_study, "market", minimum=5)
    assert sorted(part.only["market"] for part in large) == ["EG", "GB", "IR"]
    assert [part.comments for part in large] == sorted((part.comments for part in large), reverse=True)
    assert not small
    with pytest.raises(InputError, match="no market has 1000 comments"):
        parts_by(small_study, "market", minimum=1000)


@pytest.mark.parametrize(("sizes", "unstated", "withheld"), [
    ([200, 61, 40, 3], 0, {"c"}),        # the whole less the others would be 3
    ([200, 61, 12, 3], 0, {"c"}),
    ([200, 61, 40, 3], 9, set()),        # there are 9 more of no market, whose number is withheld as well
    ([200, 61, 3, 4], 0, set()),         # the two together are 7
    ([200, 61, 40, 0], 0, set()),
])
def test_a_part_by_which_a_small_one_could_be_computed_gets_no_report(sizes, unstated, withheld):
    assert withheld_parts(pd.Series(sizes, index=[*"abcd"]), unstated, 5) == withheld


@pytest.mark.parametrize(("sizes", "told"), [
    ({"a": 12, "b": 3}, ["Fewer than 30 comments, so no report: a (12), b (fewer than 5)."]),
    ({"a": 5}, ["Fewer than 30 comments, so no report: a (5)."]),
    ({"a": -40, "b": 4}, ["Fewer than 30 comments, so no report: b (fewer than 5).",
                          "No report, because with it the size of a part that is too small to be shown could be "
                          "computed: a."]),
    ({"a": -12, "b": 4}, ["Fewer than 30 comments, so no report: a, b (fewer than 5)."]),  # 12 would tell the 4
    ({}, []),
])
def test_the_terminal_tells_no_size_that_reports_hide(sizes, told):
    parts = [Part({"market": name}, abs(size), size < 0) for name, size in sizes.items()]
    assert told_without_report(parts, "market", 30, 5) == told


def test_a_part_that_is_too_small_to_be_shown_gets_no_page(small_analysis):
    def part(counted, only):
        facts = {**small_analysis.facts, "insights": {**small_analysis.facts["insights"], "counted": counted}}
        return dataclasses.replace(small_analysis, facts=facts, only=only)

    with pytest.raises(InputError, match="fewer than 5 comments that count"):
        Page(part(4, {"market": "JO"}))
    for counted, only in ((5, {"market": "JO"}), (4, {}), (0, {"market": "JO"})):
        assert Page(part(counted, only)).analysis.only == only


@pytest.mark.slow
def test_one_report_for_each_part_at_the_same_time(small_study, counting, tmp_path):
    parts = [{"market": name} for name in ("EG", "GB", "IR")]
    place = tmp_path / "out"
    made = list(render_reports(counting, study=small_study, parts=parts, jobs=2, output=place, progress=False))
    assert [each.html.name for each in made] == ["tiny.market-EG.en.html", "tiny.market-GB.en.html",
                                                 "tiny.market-IR.en.html"]
    told = [json.loads(each.summary.read_text()) for each in made]
    assert [each["only"] for each in told] == ["market=EG", "market=GB", "market=IR"]
    assert all(0 < each["comments"] < 54 for each in told)


@pytest.mark.parametrize(("given", "message"), [
    ({"jobs": 0}, "jobs: expected a whole number from 1 on, found 0"),
    ({"languages": ["en", "fa"], "output": "a.html"}, "need a folder"),
    ({"parts": [{"market": "XX"}]}, "no comment has market 'XX'"),
    ({"parts": [{"markt": "EG"}]}, "did you mean 'market'"),
])
def test_wrong_requests_are_told_before_a_kernel_starts(small_study, counting, given, message):
    with pytest.raises(InputError, match=message):
        list(render_reports(counting, study=small_study, progress=False, **given))


def test_a_notebook_that_knows_no_parts_says_so(small_study, write_notebook):
    notebook = write_notebook(parameters_cell('study: str = ""\n'), "1")
    with pytest.raises(InputError, match="declares no parameter 'only'"):
        list(render_reports(notebook, study=small_study, parts=[{"market": "EG"}], progress=False))


def test_parts_that_differ_in_signs_alone_have_pages_of_their_own():
    values = ["A/B", "A-B", "A B", "A, B", "A\nB", "../A B", "ق" * 300, "ق" * 301]
    pages = [page_name("executive", {"segment": value}, "fa") for value in values]
    assert len(set(pages)) == len(values)
    assert max(len(page.encode()) for page in pages) < 200
    assert pages[1:3] == ["executive.segment-A-B.fa.html", "executive.segment-A_B.fa.html"]
