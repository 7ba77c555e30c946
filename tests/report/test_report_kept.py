"""What a report says of themes since last time and of the codebook; and numbers that stay, over whole analyses."""

import json
import re
import shutil
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.analysis import analyse
from workbench.coding import compare, is_hidden, show_sample, theme_list, to_code
from workbench.errors import InputError
from workbench.report.messages import load_messages
from workbench.report.page import Page
from workbench.report.sections.kept import since_last_time
from workbench.report.sections.wording import theme_number
from workbench.study import load_study
from workbench.themes.ledger import read_ledger
from workbench.themes.sample import read_coding

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
RULES = """rules:
  - {describe: 0, text: {en: Amounts <b>nobody</b> agreed to.}}
  - {rename: 0, label: {en: Bills, fa: صورتحساب‌ها}}
  - {merge: 2, into: 1}
  - {rename: 99, label: Nobody}
  - {forbid: zzz}
"""


@pytest.fixture(scope="module")
def twice(small_study, tmp_path_factory):
    """The small study and what came of it after a codebook was written for it."""
    folder = tmp_path_factory.mktemp("twice") / "copy"
    shutil.copytree(small_study.parent, folder)
    study = folder / "study.yaml"
    first = analyse(study, progress=False)
    (folder / "codebook.yaml").write_text(RULES, encoding="utf-8")
    study.write_text(study.read_text(encoding="utf-8") + "codebook: codebook.yaml\n", encoding="utf-8")
    return study, first, analyse(study, progress=False)


@pytest.mark.parametrize(("language", "said"), [
    ("en", ["Themes since last time", "no longer applies", "There is no theme with this number", "99"]),
    ("ar", ["الموضوعات منذ المرة السابقة", "لم تعد تنطبق"]), ("fa", ["موضوع‌ها از بار پیش تا کنون", "۹۹"])])
def test_the_report_says_what_changed_and_which_rules_do_not_apply(twice, language, said):
    html = since_last_time(twice[2], load_messages(language)).html
    assert all(words in html for words in said)


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_a_theme_that_is_gone_has_the_name_that_it_had_in_the_language_of_the_report(twice, language):
    names = twice[1].labels.set_index(["theme_id", "language"])["label"]
    assert names[2, "fa"] not in (names[2, "en"], names[2, "ar"])
    html = since_last_time(twice[2], load_messages(language)).html
    assert [other for other in ("en", "ar", "fa") if escape(names[2, other]) in html] == [language]


def test_a_first_run_without_a_codebook_has_nothing_to_say(twice):
    assert since_last_time(twice[1], load_messages("en")).html == ""


def test_rules_are_applied_and_each_is_reported(twice):
    _, first, second = twice
    names = second.themes.set_index("theme_id")["label"]
    assert names[0] == "Bills"
    assert 2 not in names
    assert second.labels.set_index(["theme_id", "language"]).at[(0, "fa"), "label"] == "صورتحساب‌ها"
    assert second.codebook_report[["line", "status"]].values.tolist() == [
        [2, "applied"], [3, "applied"], [4, "applied"], [5, "no longer applies"], [6, "no longer applies"]]
    assert set(second.theme_events["event"]) == {"continued"}
    old, new = (one.assignments.set_index("statement_id")["theme_id"] for one in (first, second))
    pd.testing.assert_series_equal(old.replace(2, 1), new)


def test_what_people_wrote_of_a_theme_stands_under_its_name(twice):
    html = Page(twice[2], "en", top=20).theme_profiles().html
    assert 'Bills</h3>' in html
    assert "Amounts &lt;b&gt;nobody&lt;/b&gt; agreed to." in html
    assert "agreed to" not in Page(twice[2], "fa", top=20).theme_profiles().html


def test_lines_of_rules_that_do_not_apply_are_told_at_once(twice):
    assert twice[2].facts["coding"]["told"].endswith("; rules of the codebook: 5; not applied in full: lines 5, 6")


@pytest.mark.parametrize("name", ["themes", "voice_of_customer"])
def test_reports_on_themes_tell_of_rules(name):
    notebook = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert ["page.since_last_time()"] in [cell["source"] for cell in notebook["cells"]]


def test_the_numbers_that_rules_take_stand_beside_the_names(twice):
    assert re.search(r"Bills\W*</th><td[^>]*>0</td>", Page(twice[2], "en").passport().html)
    assert theme_number(load_messages("fa"), 1001) == "۱۰۰۱"


def test_a_theme_that_was_renamed_by_its_name_keeps_the_new_one_when_its_words_change(twice, tmp_path):
    shutil.copytree(twice[0].parent, tmp_path / "copy")
    study = tmp_path / "copy" / "study.yaml"
    name = twice[1].labels.set_index(["theme_id", "language"]).at[(1, "fa"), "label"]
    (study.parent / "codebook.yaml").write_text(f'rules:\n  - {{rename: "{name}", label: Slow}}\n', encoding="utf-8")
    first = analyse(study, progress=False, tables=["themes"])
    kept = load_study(study).ledger_file.read_bytes()
    assert first.labels.loc[first.labels["label"] == "Slow", "theme_id"].unique().tolist() == [1]
    assert list(read_ledger(load_study(study).ledger_file).runs[-1].names.values()) == [1]
    rules = study.parent / "codebook.yaml"
    merged = "rules:\n  - {merge: 2, into: 1}\n"
    rules.write_text(merged, encoding="utf-8")
    assert name not in set(analyse(study, progress=False, tables=["themes"]).labels["label"])
    rules.write_text(merged + f'  - {{rename: "{name}", label: Slow}}\n', encoding="utf-8")
    load_study(study).ledger_file.write_bytes(kept)
    again = analyse(study, progress=False, tables=["themes"])
    assert again.labels.loc[again.labels["label"] == "Slow", "theme_id"].unique().tolist() == [1]


def test_old_and_new_figures_of_the_same_periods_stand_side_by_side(twice):
    restated = twice[2].theme_restated
    assert set(restated["theme_id"]) == {1, 2}
    own = restated[restated["theme_id"] == 1]
    assert (own["comment_count"] > own["comment_count_before"]).all()
    gone = restated[restated["theme_id"] == 2]
    assert gone["comment_count"].isna().all()
    shown = since_last_time(twice[2], load_messages("en")).html
    assert "Share as counted then" in shown


def test_small_counts_of_then_and_now_are_hidden(twice):
    analysis = twice[2]
    study = analysis.study.model_copy(
        update={"insights": analysis.study.insights.model_copy(update={"minimum_cell": 9999})})
    html = since_last_time(replace(analysis, study=study), load_messages("en")).html
    assert "too few" in html
    assert "%" not in html


def test_running_again_changes_neither_key_nor_ledger(twice):
    study, _, second = twice
    file = load_study(study).ledger_file
    before = file.read_bytes()
    assert analyse(study, progress=False).key == second.key
    assert file.read_bytes() == before
    file.unlink()
    again = analyse(study, progress=False)
    assert len(read_ledger(file).runs) == 1
    assert again.facts["coding"]["baseline_run"] is None
    file.write_bytes(before)


def test_the_ledger_holds_no_comment_and_no_id(twice):
    study, first, _ = twice
    text = load_study(study).ledger_file.read_text(encoding="utf-8")
    told = set(re.findall(r"\w+", text))  # whole words: the hashes hold any two digits by chance
    assert told.isdisjoint([*first.comments["feedback_id"], *first.comments["customer_id"]])
    assert not any(one in text for one in first.comments["text"])


def test_a_forgotten_customer_leaves_the_ledger(twice, tmp_path):
    from workbench.forget import forget

    shutil.copytree(twice[0].parent, tmp_path / "copy")
    study = load_study(tmp_path / "copy" / "study.yaml")
    own = twice[1].comments.query("customer_id == 'ken0'")["feedback_id"].tolist()
    shutil.rmtree(study.store_folder)  # a store that was thrown away: the source still tells whose comments they are
    (tmp_path / "copy" / "codebook.yaml").write_text(f"rules:\n  - {{move: {own[0]}/0, to: 1}}\n", encoding="utf-8")
    assert read_ledger(study.ledger_file).knows(own)
    done = forget(study, "ken0", reports=tmp_path / "none")
    assert not read_ledger(study.ledger_file).knows(own)
    assert done.left == []


def test_a_wrong_codebook_is_told_before_anything_runs(twice, tmp_path):
    shutil.copytree(twice[0].parent, tmp_path / "copy")
    (tmp_path / "copy" / "codebook.yaml").write_text("rules:\n  - {pin: x}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"codebook\.yaml:2: 'pin'"):
        analyse(tmp_path / "copy" / "study.yaml", progress=False)


def test_a_damaged_ledger_stops_a_run_in_one_sentence(twice, tmp_path):
    shutil.copytree(twice[0].parent, tmp_path / "copy")
    load_study(tmp_path / "copy" / "study.yaml").ledger_file.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a theme ledger"):
        analyse(tmp_path / "copy" / "study.yaml", progress=False)


# People's coding --------------------------------------------------------------------------------------------------


def test_a_sample_shows_texts_in_their_own_direction(twice):
    drawn = to_code(twice[2], size=12)
    assert len(drawn) == 12
    html = show_sample(drawn, "fa").html
    assert html.count("<tr>") == 13
    assert 'dir="auto"' in html
    assert theme_list(twice[2])["theme_id"].tolist()[-1] == -1


def test_voc_codebook_draws_and_compares(twice, tmp_path, monkeypatch):
    study, _, second = twice
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    done = runner.invoke(app, ["codebook", "sample", str(study), "--size", "40", "--output", "coding.csv"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "coding.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    sample = pd.read_csv("coding.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    machine = second.assignments.set_index("statement_id")["theme_id"]
    sample["theme"] = machine[sample["statement_id"]].astype(str).to_numpy()
    sample.to_csv("amal.csv", index=False)
    sample.assign(theme=sample["theme"].where(sample.index % 4 > 0, "unassigned")).to_csv("bo.csv", index=False)
    done = runner.invoke(app, ["codebook", "agreement", str(study), "amal.csv", "bo.csv", "--output", "found.csv"])
    assert done.exit_code == 0, done.output
    assert "alpha 1.00 (1.00 to 1.00), amal and machine, all statements: 40" in done.output
    assert "between coders" in done.output
    told = [line for line in done.output.splitlines() if line.startswith(("amal: ", "bo: "))]
    assert all(" all statements: " in line or " random statements: " in line for line in told)
    assert len(set(told)) == len(told) > 0
    hidden = pd.read_csv("found.csv")
    assert (hidden["n"].dropna() >= 5).all()
    assert hidden["n"].isna().any()
    for axis, rest in (("language", "drawn"), ("drawn", "language")):
        for _, line in hidden.groupby(["coder", "measure", "theme_id", rest]):
            total = line.loc[line[axis] == "all", "n"]
            assert total.isna().all() or line["n"].isna().sum() != 1  # or it is what is left of the total
    assert "figures of all are mostly too low" in done.output
    again = runner.invoke(app, ["codebook", "sample", str(study), "--output", "coding.csv"])
    assert isinstance(again.exception, InputError)
    assert "somebody's coding" in str(again.exception)


def test_how_many_uncertain_statements_were_coded_is_not_told_where_they_are_few(twice, tmp_path, monkeypatch):
    study, _, second = twice
    monkeypatch.chdir(tmp_path)
    sample = to_code(second, size=40)
    few = (sample["drawn"] == "random") | (sample["drawn"] == "uncertain").cumsum().le(3)
    sample = sample.assign(theme=second.assignments.set_index("statement_id")["theme_id"][sample["statement_id"]]
                           .astype(str).where(few.to_numpy(), "").to_numpy())
    sample.to_csv("amal.csv", index=False)
    done = CliRunner().invoke(app, ["codebook", "agreement", str(study), "amal.csv"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[:3] == [
        "alpha 1.00 (1.00 to 1.00), amal and machine, all statements: 23",
        "alpha hidden, amal and machine, random statements", "alpha hidden, amal and machine, uncertain statements"]
    _, found = compare(second, [tmp_path / "amal.csv"])
    assert found.loc[~is_hidden(found, 5), "n"].ge(5).all()
    sample.drop(columns="drawn").to_csv("bo.csv", index=False)
    done = CliRunner().invoke(app, ["codebook", "agreement", str(study), "bo.csv"])
    assert "unstated statements: 23" in done.output
    assert "No statement is said to be drawn by chance" in done.output


def test_codes_follow_a_theme_that_was_merged_and_are_left_out_where_it_is_gone(twice, tmp_path, monkeypatch):
    study, first, second = twice
    monkeypatch.chdir(tmp_path)
    then = first.assignments.set_index("statement_id")["theme_id"]
    drawn = to_code(second, size=40)["statement_id"]
    codes = then[drawn].astype(str)
    pd.DataFrame({"statement_id": drawn, "theme": codes.to_numpy()}).to_csv("amal.csv", index=False)
    pd.DataFrame({"statement_id": drawn, "theme": codes.replace("0", "1003").to_numpy()}).to_csv("bo.csv", index=False)
    done = CliRunner().invoke(app, ["codebook", "agreement", str(study), "amal.csv", "bo.csv"])
    assert done.exit_code == 0, done.exception
    now = second.themes.set_index("theme_id")["label"][1]
    assert done.output.splitlines()[:3] == [
        f"amal.csv: '2' is read as theme 1, {now}.",
        f"bo.csv: '1003' is no theme any more, codes left out: {(codes == '0').sum()} (nothing tells where its "
        "statements are now).",
        f"bo.csv: '2' is read as theme 1, {now}."]
    assert "alpha 1.00 (1.00 to 1.00), amal and machine, all statements: 40" in done.output
    assert re.search(rf"bo and machine, all statements: {(codes != '0').sum()}$", done.output, re.MULTILINE)


def test_nothing_is_written_over_a_coding_or_under_a_name_that_hides_its_kind(twice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    to_code(twice[2], size=20).assign(theme="unassigned").to_csv("amal.csv", index=False)
    before = (tmp_path / "amal.csv").read_bytes()
    for output, said in (("amal.csv", "holds somebody's coding"), ("found.xlsx", "ends in .csv")):
        done = CliRunner().invoke(app, ["codebook", "agreement", str(twice[0]), "amal.csv", "--output", output])
        assert said in str(done.exception)
    done = CliRunner().invoke(app, ["codebook", "sample", str(twice[0]), "--output", "new.xlsx"])
    assert "ends in .csv" in str(done.exception)
    assert [file.name for file in tmp_path.iterdir()] == ["amal.csv"]
    assert (tmp_path / "amal.csv").read_bytes() == before
    for _ in range(2):
        done = CliRunner().invoke(app, ["codebook", "agreement", str(twice[0]), "amal.csv", "--output", "found.csv"])
        assert done.exit_code == 0, done.output


def test_ids_come_back_from_a_spreadsheet_that_knows_dates(twice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    drawn = to_code(twice[2], size=5).assign(statement_id=[f"12/{number}" for number in range(5)])
    monkeypatch.setattr("workbench.coding.to_code", lambda *_: drawn)
    done = CliRunner().invoke(app, ["codebook", "sample", str(twice[0])])
    assert done.exit_code == 0, done.output
    written = pd.read_csv("coding.csv", dtype=str, keep_default_na=False)
    assert written.iloc[:, 0].tolist() == [f"'12/{number}" for number in range(5)]
    written.assign(theme="unassigned").to_csv("amal.csv", index=False)
    coded = read_coding(tmp_path / "amal.csv", twice[2].labels, drawn)
    assert coded.index.tolist() == drawn["statement_id"].tolist()


def test_codings_need_names_and_codes(twice, tmp_path):
    empty = tmp_path / "one.csv"
    empty.write_text("statement_id,theme\n", encoding="utf-8")
    with pytest.raises(InputError, match="one file a coder"):
        compare(twice[2], [empty, empty])
    with pytest.raises(InputError, match="no statement is coded"):
        compare(twice[2], [empty])


def test_the_manifest_of_an_analysis_says_what_it_was_held_against(twice):
    facts = json.loads((twice[2].folder / "manifest.json").read_text(encoding="utf-8"))["facts"]["coding"]
    assert (facts["run"], facts["baseline_run"], facts["same_encoder"]) == (2, 1, True)
