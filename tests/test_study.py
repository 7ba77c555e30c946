import itertools
import math
from datetime import date, datetime

import pytest
from pydantic import ValidationError

from workbench.errors import StudyError
from workbench.settings import Settings
from workbench.study import load_study
from workbench.yaml_lines import what_is_wrong


def write(tmp_path, text):
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_and_short_forms(tmp_path):
    study = load_study(write(tmp_path, "name: One\nfeedback: a.csv\n"))
    assert [source.path for source in study.feedback] == ["a.csv"]
    assert (study.unit, study.encoder, study.themes.seed) == ("statement", "embedded", 0)
    assert study.store_folder == tmp_path / ".workbench"


def test_one_mapping_of_columns_holds_for_every_source_without_its_own(tmp_path):
    text = "name: One\nfeedback:\n- a.csv\n- {path: b.csv, columns: {text: body}}\ncolumns: {text: verbatim}\n"
    assert [source.columns for source in load_study(write(tmp_path, text)).feedback] == [
        {"text": "verbatim"}, {"text": "body"}]


@pytest.mark.parametrize(("text", "message"), [
    ("name: One\nfeedback: a.csv\nthemes:\n  resolutoin: 2\n",
     r"study\.yaml:4: 'themes\.resolutoin' is not a setting \(did you mean 'resolution'\?\)"),
    ("name: One\nfeedbak: a.csv\n", r"study\.yaml:1: the setting 'feedback' is missing|'feedbak' is not a setting"),
    ("name: One\nfeedback: a.csv\nthemes:\n  minimum_size: many\n",
     r"yaml:4: 'themes\.minimum_size': expected a whole number, found 'many'\.$"),
    ("name: One\nfeedback: a.csv\nunit: word\n",
     r"study\.yaml:3: 'unit': expected one of statement, comment, found 'word'\.$"),
    ("name: 2026-01-01\nfeedback: a.csv\n",
     r"yaml:1: 'name': expected a text, found 2026-01-01: put it into quotes\.$"),
    ("name: One\nfeedback: a.csv\nthemes: {match: 1}\n",
     r"'themes\.match': expected a number below 1, found 1\.$"),
    ("name: One\nfeedback: a.csv\nlabels: {languages: []}\n",
     r"'labels\.languages': expected one at least, found none"),
    ("name: One\nfeedback: {path: a.csv, constants: {market: [x]}}\n",
     r"'market': expected a text, a number, or true or"),
    ("name: One\nfeedback: a.csv\n5: x\n", r"study\.yaml:3: '5': expected a name, found 5\.$"),
    (f"name: One\nfeedback: a.csv\nunit: {'x' * 999}\n", r"found 'x{79}\u2026\.$"),
    (f"name: One\nfeedback: a.csv\n{'x' * 999}: 1\n", r"yaml:3: 'x{79}\u2026 is not a setting\.$"),
    ("name: One\nfeedback: a.csv\ncolumns: {texxt: body}\n", r"'texxt' is not a column .*did you mean 'text'"),
    ("name: One\nfeedback: a.csv\nexpected:\n  market: {DE: 0.8, FR: 0.4}\n",
     r"study\.yaml:3: 'expected': shares under 'market'"),
    ("name: One\nname: Two\nfeedback: a.csv\n", r"study\.yaml:2: 'name' is given twice"),
    ("name: One\nfeedback: a.csv\norder_number: 'TV-(\\d'\n",
     r"study\.yaml:3: 'order_number': this is not a regular expression \(missing \), .* at character 3\)"),
    ("name: One\nfeedback: a.csv\norder_number: '\\d*'\n", r"study\.yaml:3: 'order_number': .* match everywhere"),
    ("name: [One\n", r"study\.yaml:\d: this is not valid YAML"),
    ("name: One\nfeedback: a.csv\njourney:\n  last_day: 2026-13-01\n", r"yaml:4: this date or number does not exist"),
    ("x: &a {name: One}\ny: {<<: *a}\njourney: {last_day: 2026-13-01}\n", "yaml:3: this date or number does not exist"),
    ("name: دیر\r\nfeedback: a\x1b.csv\n", "yaml:2: a control character stands in this line; delete it."),
    ("name: One\nfeedback: a.csv\njourney: seven\n", r"yaml:3: 'journey': expected settings, such as {name: value}"),
    ("name: !!timestamp One\nfeedback: a.csv\n", "yaml:1: this date or number does not exist"),
    ("name: One\nfeedback: !!bool a.csv\n", "yaml:2: this date or number does not exist"),
    ('name: One\nfeedback: !!int ""\n', "yaml:2: this date or number does not exist"),
    ("name: One\nfeedback: a.csv\njourney: {last_day: 1404-08-01}\n", r"study\.yaml:3: .*in the Gregorian calendar"),
    ("name: One\nfeedback: a.csv\nexpected: {market: {NO: 0.1}}\n", r"yaml:3: .*reads a bare NO, .* into quotes"),
    ("name: One\nfeedback: a.csv\nthemes: {resolution: .inf}\n", r"study\.yaml:3: .*a number above 0, or auto"),
    ("name: One\nfeedback: a.csv\nexpected:\n  country: {DE: 0.6}\n",
     r"study\.yaml:4: 'expected\.country': expected one of market, language, .*, found 'country'"),
    ("name: &a [*a]\nfeedback: a.csv\n", r"study\.yaml:1: 'name': expected a text, found a list"),
    ("a: " + "[" * 5_000 + "]" * 5_000, r"study\.yaml: this is nested too deeply"),
    ("a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
     "the setting 'name' is missing"),
    ("- a\n- b\n", "is not a study"),
    ("", "is not a study"),
])
def test_wrong_settings_are_named_with_their_line(tmp_path, text, message):
    with pytest.raises(StudyError, match=message):
        load_study(write(tmp_path, text))


@pytest.mark.parametrize("model", Settings.__subclasses__())
def test_whatever_is_wrong_with_a_setting_is_told_in_our_own_words(model):
    wrong = [None, True, "", "x", -7, 10**9, 2.5, math.nan, [], [5], {}, {"x": 5}, {5: "x"}, {"market": "DE"},
             {"market": {"DE": "x"}}, date(2026, 1, 1), datetime(2026, 1, 1, 9)]
    told = []
    written = [name for name, field in model.model_fields.items() if not field.exclude]
    for name, value in itertools.product(written, wrong):
        try:
            model.model_validate({name: value})
        except ValidationError as error:
            told += [what_is_wrong(one) for one in error.errors() if one["type"] not in ("missing", "extra_forbidden")]
    assert told
    assert [one for one in told if "Input" in one or "should" in one or "another value" in one] == []


def test_a_missing_study_names_what_is_beside_it(tmp_path):
    write(tmp_path, "name: One\n")
    with pytest.raises(StudyError, match=r"no study file .*stduy\.yaml\. Beside it: study\.yaml"):
        load_study(tmp_path / "stduy.yaml")


def test_bytes_that_are_not_text(tmp_path):
    (tmp_path / "study.yaml").write_bytes(b"name: \xff\xfe\xfa\n")
    with pytest.raises(StudyError, match="cannot be read as UTF-8"):
        load_study(tmp_path / "study.yaml")


@pytest.mark.parametrize("name", ["week.xlsx", "Week.CSV"])
def test_a_file_of_comments_is_no_study(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\xff\xfe")
    with pytest.raises(StudyError, match=rf"{name} is no study file: write `feedback: {name}` into one, such as study"):
        load_study(tmp_path / name)


def test_a_folder_is_no_study(tmp_path):
    with pytest.raises(StudyError, match=r"is a folder, not a study file; in it there is no \.yaml file\."):
        load_study(tmp_path)
    write(tmp_path, "name: One\nfeedback: a.csv\n")
    with pytest.raises(StudyError, match=r"in it there is study\.yaml\."):
        load_study(tmp_path)


def test_order_numbers_glossary_and_duplicates_are_settings(tmp_path):
    text = "name: One\nfeedback: a.csv\norder_number: 'TV-\\d{6}'\nglossary: terms.csv\n"
    text += "insights: {count_duplicates: true}\n"
    study = load_study(write(tmp_path, text))
    assert study.order_number == r"TV-\d{6}"
    assert study.glossary_file == tmp_path / "terms.csv"
    assert study.forgotten_file == tmp_path / "forgotten.csv"
    assert study.insights.count_duplicates


def test_a_store_without_a_name_is_refused(tmp_path):
    (tmp_path / "study.yaml").write_text("name: One\nfeedback: a.csv\nstore: ''\n")
    with pytest.raises(StudyError, match=r"study\.yaml:3: 'store'"):
        load_study(tmp_path / "study.yaml")
