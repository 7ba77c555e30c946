import numpy as np
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.themes.codebook import VERBS, Codebook, Line, load_codebook
from workbench.themes.corrections import Outcome, correct_members
from workbench.themes.ledger import KnownTheme, Run
from workbench.themes.renaming import by_number, descriptions, forbid_terms, note_rest, relabel

STATEMENTS = pd.DataFrame([
    ("a/0", "a", "the courier came late", "en"), ("a/1", "a", "and the box was wet", "en"),
    ("b/0", "b", "المندوب تأخّر", "ar"), ("c/0", "c", "صورتحساب اشتباه است", "fa"),
    ("d/0", "d", "invoice is wrong", "en"), ("e/0", "e", "charged twice", "en"),
], columns=["statement_id", "feedback_id", "text", "language"])
POINTS = np.array([[1, 0, 0], [0, 1, 0], [0.9, 0.1, 0], [0, 0, 1], [0, 0.1, 1], [0, 0.2, 0.9]])
LABELS = np.array([4, 4, 4, 3, 3, 7])
ONCE = 10


def rules(*items):
    verbs = [next(verb for verb in VERBS if verb in item) for item in items]
    return Codebook(tuple(Line(number + 2, verb, VERBS[verb].model_validate(item))
                          for number, (verb, item) in enumerate(zip(verbs, items, strict=True))))


def corrected(*items):
    outcome = Outcome()
    labels = correct_members(STATEMENTS, POINTS, LABELS, rules(*items), ONCE, outcome)
    rows = outcome.table()
    return labels.tolist(), [(row.line, row.status, row.reason) for row in rows.itertuples()]


@pytest.mark.parametrize(("items", "labels", "report"), [
    ([], [4, 4, 4, 3, 3, 7], []),
    ([{"merge": 7, "into": 3}], [4, 4, 4, 3, 3, 3], [(2, "applied", "")]),
    ([{"merge": [7, 3], "into": 4}], [4] * 6, [(2, "applied", ""), (2, "applied", "")]),
    ([{"merge": 7, "into": 3}, {"merge": 3, "into": 4}], [4] * 6, [(2, "applied", ""), (3, "applied", "")]),
    ([{"merge": 7, "into": 3}, {"merge": 3, "into": 7}], [4, 4, 4, 3, 3, 7],
     [(2, "conflict", "circle"), (3, "conflict", "circle")]),
    ([{"merge": 7, "into": 3}, {"merge": 7, "into": 4}], [4, 4, 4, 3, 3, 7],
     [(2, "conflict", "two_targets"), (3, "conflict", "two_targets")]),
    ([{"merge": 8, "into": 3}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "vanished")]),
    ([{"merge": 7, "into": 88}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "no_such_theme")]),
    ([{"move": "e/0", "to": 3}], [4, 4, 4, 3, 3, 3], [(2, "applied", "")]),
    ([{"move": "a", "to": 3}], [3, 3, 4, 3, 3, 7], [(2, "applied", "")]),
    ([{"move": "charged  TWICE", "to": 3}], [4, 4, 4, 3, 3, 3], [(2, "applied", "")]),
    ([{"move": "المندوب", "to": 3}], [4, 4, 3, 3, 3, 7], [(2, "applied", "")]),
    ([{"move": "nobody says this", "to": 3}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "matches_nothing")]),
    ([{"move": "e/0", "to": 9}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "vanished")]),
    ([{"move": "e/0", "to": 3}, {"move": "e/0", "to": 4}], [4, 4, 4, 3, 3, 7],
     [(2, "conflict", "two_targets"), (3, "conflict", "two_targets")]),
    ([{"move": "charged", "to": 4}, {"move": "e/0", "to": 3}], [4, 4, 4, 3, 3, 3],
     [(2, "applied", ""), (3, "applied", "")]),
    ([{"split": 4, "into": 1001, "examples": ["courier"]}], [1001, 4, 1001, 3, 3, 7], [(2, "applied", "")]),
    ([{"split": 4, "into": 1001, "examples": ["a/0"]}, {"split": 4, "into": 1002, "examples": ["a/1"]}],
     [1001, 1002, 4, 3, 3, 7], [(2, "applied", ""), (3, "applied", "")]),
    ([{"split": 4, "into": 1001, "examples": ["invoice"]}], [4, 4, 4, 3, 3, 7],
     [(2, "no longer applies", "elsewhere")]),
    ([{"split": 4, "into": 1001, "examples": ["nobody says this"]}], [4, 4, 4, 3, 3, 7],
     [(2, "no longer applies", "matches_nothing")]),
    ([{"split": 4, "into": 1001, "examples": ["courier", "invoice", "zz/0"]}], [1001, 4, 1001, 3, 3, 7],
     [(2, "applied", "matches_in_part")]),
    ([{"split": 4, "into": 1001, "statements": ["a/0"]}], [1001, 4, 4, 3, 3, 7], [(2, "applied", "")]),
    ([{"split": 4, "into": 1001, "statements": ["a"]}], [1001, 1001, 4, 3, 3, 7], [(2, "applied", "")]),
    ([{"split": 4, "into": 1001, "statements": ["courier"]}], [4, 4, 4, 3, 3, 7],
     [(2, "no longer applies", "matches_nothing")]),
    ([{"split": 4, "into": 1001, "examples": ["a/0"], "statements": ["a/1", "e/0"]}], [1001, 1001, 1001, 3, 3, 7],
     [(2, "applied", "matches_in_part")]),
    ([{"split": 4, "into": 1001, "examples": ["courier"]}, {"split": 4, "into": 1002, "statements": ["b"]}],
     [1001, 4, 1002, 3, 3, 7], [(2, "applied", ""), (3, "applied", "")]),
    ([{"split": 4, "into": 1001, "statements": ["a/0", "a/1"]}, {"split": 4, "into": 1002, "statements": ["a/0"]}],
     [4, 1001, 4, 3, 3, 7], [(2, "conflict", "two_targets"), (3, "conflict", "two_targets")]),
    ([{"move": ["e/0", "zz/0", "nobody says this"], "to": 3}], [4, 4, 4, 3, 3, 3], [(2, "applied", "matches_in_part")]),
    ([{"merge": 7, "into": 3}, {"forbid": 7}], [4, 4, 4, 3, 3, 3],
     [(2, "applied", ""), (3, "no longer applies", "ended_by_rule")]),
    ([{"split": 9, "into": 1001, "examples": ["a/0"]}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "vanished")]),
    ([{"split": 4, "into": 1001, "examples": ["a/0"]}, {"split": 3, "into": 1001, "examples": ["d/0"]}],
     [4, 4, 4, 3, 3, 7], [(2, "conflict", "number_taken"), (3, "conflict", "number_taken")]),
    ([{"forbid": 4}], [-1, -1, -1, 3, 3, 7], [(2, "applied", "")]),
    ([{"forbid": 5}], [4, 4, 4, 3, 3, 7], [(2, "no longer applies", "vanished")]),
    ([{"move": "e/0", "to": 1001}, {"split": 4, "into": 1001, "examples": ["a/0"]}, {"merge": 1001, "into": 3}],
     [3, 4, 3, 3, 3, 3], [(2, "applied", ""), (3, "applied", ""), (4, "applied", "")]),
])
def test_rules_move_statements(items, labels, report):
    assert corrected(*items) == (labels, report)


def test_the_order_of_rules_decides_nothing():
    items = [{"split": 4, "into": 1001, "examples": ["a/0"]}, {"split": 4, "into": 1002, "examples": ["a/1"]},
             {"move": "e/0", "to": 4}, {"merge": 3, "into": 1001}, {"move": "charged", "to": 3}]
    expected = corrected(*items)[0]
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        assert corrected(*(items[place] for place in order))[0] == expected


LABEL_TABLE = pd.DataFrame([(theme, language, f"{word} {theme}", False) for theme, word in ((3, "bill"), (4, "late"))
                            for language in ("en", "fa")], columns=["theme_id", "language", "label", "is_borrowed"])


def renamed(*items):
    outcome = Outcome()
    out = relabel(LABEL_TABLE, rules(*items), outcome, ONCE)
    return out["label"].tolist(), [(row.status, row.reason) for row in outcome.table().itertuples()]


@pytest.mark.parametrize(("items", "labels", "report"), [
    ([{"rename": 3, "label": "Invoices"}], ["Invoices", "Invoices", "late 4", "late 4"], [("applied", "")]),
    ([{"rename": 3, "label": {"fa": "صورتحساب"}}], ["bill 3", "صورتحساب", "late 4", "late 4"], [("applied", "")]),
    ([{"rename": 3, "label": "A"}, {"rename": 3, "label": {"en": "B"}}], ["bill 3", "A", "late 4", "late 4"],
     [("conflict", "two_texts"), ("conflict", "two_texts")]),
    ([{"rename": 3, "label": "late 4"}], ["bill 3", "bill 3", "late 4", "late 4"], [("conflict", "label_taken")]),
    ([{"rename": 9, "label": "A"}], ["bill 3", "bill 3", "late 4", "late 4"], [("no longer applies", "vanished")]),
    ([{"rename": 3, "label": "A", "was": "the bill · wrong"}], ["A", "A", "late 4", "late 4"], [("applied", "")]),
    ([{"rename": 3, "label": "A", "was": "delivery"}], ["A", "A", "late 4", "late 4"],
     [("applied", "label_changed")]),
    ([{"rename": 3, "label": {"en": "A", "sv": "B"}}], ["A", "bill 3", "late 4", "late 4"],
     [("applied", "no_such_language")]),
    ([{"rename": 3, "label": {"english": "A"}}], ["bill 3", "bill 3", "late 4", "late 4"],
     [("no longer applies", "no_such_language")]),
])
def test_rules_rename_themes(items, labels, report):
    assert renamed(*items) == (labels, report)


def baseline(**names):
    known = [KnownTheme(theme_id=4, label="Late parcels", comment_count=9),
             KnownTheme(theme_id=5, label="Gone", comment_count=9, is_live=False)]
    return Run(number=1, found="f", settings="s", encoder="e", first_new_id=0, next_id=9, themes=known, names=names)


@pytest.mark.parametrize(("name", "run", "theme", "reason"), [
    ("Bill 3", None, 3, ""), ("قبض  ۳", None, 3, ""), ("late parcels", baseline(), 4, ""), ("Gone", baseline(), 5, ""),
    ("nothing", baseline(), None, "no_such_name"), ("both", None, None, "several_named"),
    ("old name", baseline(**{"old name": 3}), 3, ""), ("both", baseline(both=4), 4, ""),
])
def test_a_theme_is_renamed_by_the_name_that_it_has_or_had(name, run, theme, reason):
    labels = pd.DataFrame([(3, "bill 3"), (3, "قبض ٣"), (4, "late 4"), (3, "both"), (4, "both")],
                          columns=["theme_id", "label"])
    outcome = Outcome()
    book, names = by_number(rules({"rename": name, "label": "A"}, {"pin": 3}), labels, run, outcome)
    assert outcome.table()["reason"].tolist() == ([reason] if reason else [])
    assert [line.rule.rename for line in book.of("rename")] == ([] if theme is None else [theme])
    assert set(names.values()) == (set() if theme is None else {theme})
    assert book.pinned() == [3]


def test_names_of_parts_are_remembered_in_each_language():
    parts = [{"split": 3, "into": 1001, "statements": ["a/0"], "label": {"en": "Slow", "fa": "كُند"}},
             {"split": 3, "into": 1002, "statements": ["b/0"], "label": "Late"},
             {"split": 3, "into": 1003, "statements": ["c/0"]}]
    names = by_number(rules(*parts), LABEL_TABLE, None, Outcome())[1]
    assert names == {"slow": 1001, "كند": 1001, "late": 1002}


def test_a_name_that_another_theme_has_in_another_spelling_is_taken():
    assert renamed({"rename": 3, "label": "LATE  ٤"})[1] == [("conflict", "label_taken")]


@pytest.mark.parametrize(("other", "reason"), [
    ({"rename": 3, "label": "B"}, "two_texts"), ({"rename": 4, "label": "A"}, "label_taken")])
def test_a_part_whose_name_cannot_be_given_is_reported(other, reason):
    outcome = Outcome()
    split = {"split": 4, "into": 1001, "examples": ["a/0"], "label": "A"}
    labels = LABEL_TABLE.replace({"theme_id": {3: 1001}})
    other = {**other, "rename": 1001 if other["rename"] == 3 else 4}
    relabel(labels, rules(split, other), outcome, ONCE)
    assert [(row.rule, row.reason) for row in outcome.table().itertuples()] == [("split", reason), ("rename", reason)]


def test_a_forbidden_term_is_nowhere():
    terms = pd.DataFrame({"theme_id": [3, 3, 3], "language": "en", "rank": [1, 2, 3],
                          "term": ["Acme", "acme bill", "acmed"], "weight": [3.0, 2.0, 1.0]})
    labels = pd.DataFrame({"theme_id": [3, 4], "language": "en", "label": ["ACME · acme bill", "late"]})
    outcome = Outcome()
    book = rules({"forbid": "acme"}, {"forbid": "nowhere"}, {"forbid": "acme bill"})
    terms, labels = forbid_terms(terms, labels, book, outcome)
    assert terms[["rank", "term"]].values.tolist() == [[1, "acmed"]]
    assert labels["label"].tolist() == ["acmed", "late"]
    assert outcome.table()["status"].tolist() == ["applied", "no longer applies", "applied"]


@pytest.mark.parametrize(("word", "held", "other", "language"), [
    ("été", "été chaud", "répété", "fr"), ("дом", "новый дом", "домашний", "ru"), ("acme", "Acme box", "acmed", "en"),
    ("تلفانا", "لتلفانا", "فاتورة", "ar"), ("特瓦纳", "特瓦纳路由器", "路由器", "zh"),
])
def test_a_forbidden_word_is_a_whole_word_where_words_stand_apart(word, held, other, language):
    terms = pd.DataFrame({"theme_id": 3, "language": language, "rank": [1, 2], "term": [held, other]})
    labels = pd.DataFrame({"theme_id": [3], "language": language, "label": [f"{held} · {other}"]})
    terms, labels = forbid_terms(terms, labels, rules({"forbid": word}), Outcome())
    assert (terms["term"].tolist(), labels["label"].tolist()) == ([other], [other])


def test_descriptions_pins_and_places_are_reported():
    outcome = Outcome()
    book = rules({"describe": 3, "text": {"en": "Bills"}}, {"describe": 4, "text": "A"}, {"describe": 4, "text": "B"},
                 {"describe": 9, "text": "C"}, {"pin": 3}, {"pin": 77}, {"place": 4, "stages": ["use", "action"]},
                 {"describe": 3, "text": {"sv": "D"}})
    texts = descriptions(book, ["en", "fa"], {3, 4}, ONCE, outcome)
    note_rest(book, {3, 4}, ONCE, outcome)
    assert texts.values.tolist() == [[3, "en", "Bills"], [3, "sv", "D"]]
    assert outcome.table()["reason"].tolist() == ["", "two_texts", "two_texts", "vanished", "", "no_such_theme", "",
                                                  "no_such_language"]
    assert book.stage_rules() == {4: ["action", "use"]}
    assert book.pinned() == [3, 77]


def test_a_part_that_a_rule_makes_cannot_be_pinned():
    outcome = Outcome()
    note_rest(rules({"pin": 1001}, {"pin": 3}, {"place": 1001, "stages": "use"}), {3, 1001}, ONCE, outcome)
    assert outcome.table()["reason"].tolist() == ["made_by_rule", "", ""]


@pytest.mark.parametrize(("text", "message"), [
    ("- pin: 3\n", "is not a codebook: expected `rules:`"),
    ("rules:\n  pin: 3\n", "is not a codebook"),
    ("rules:\n  - pin\n", r"codebook.yaml:2: expected a rule such as"),
    ("rules:\n  - pin: 1\n  - {renam: 3, label: A}\n", r"codebook.yaml:3: a rule has one of .*\(did you mean 'rename'"),
    ("rules:\n  - {pin: 3, forbid: 4}\n", "codebook.yaml:2: a rule has one of .*it has pin and forbid"),
    ("rules:\n  - rename: 3\n", "codebook.yaml:2: the rule lacks 'label'"),
    ("rules:\n  - rename: three\n", "codebook.yaml:2: the rule lacks 'label'"),
    ("rules:\n  - {pin: three}\n", "codebook.yaml:2: 'pin': expected the number of a theme, such as 3"),
    ("rules:\n  - {pin: [3, 4]}\n", "codebook.yaml:2: 'pin': expected the number of a theme, such as 3"),
    ("rules:\n  - {pin: 99999999999999999999}\n", "codebook.yaml:2: 'pin': expected the number of a theme"),
    ("rules:\n  - {forbid: ' '}\n", "codebook.yaml:2: 'forbid': expected a text, found none"),
    ("rules:\n  - {merge: [], into: 3}\n", "codebook.yaml:2: 'merge': expected the number of a theme, or"),
    ("rules:\n  - {move: [], to: 3}\n", "codebook.yaml:2: 'move': expected a text, or a list of them, found none"),
    ("rules:\n  - {move: [' '], to: 3}\n", "codebook.yaml:2: 'move': expected a text, found none"),
    ("rules:\n  - {move: [17], to: 3}\n", "codebook.yaml:2: 'move': expected a text; put a number or a date"),
    ("rules:\n  - {split: 3, into: 1001}\n", "codebook.yaml:2: a split needs examples, or the ids of its statements"),
    ("rules:\n  - {rename: 3, labels: A}\n", "codebook.yaml:2: 'labels' is no part of this rule .did you mean 'label'"),
    ("rules:\n  - {rename: 3, label: {en: A, EN: B}}\n", "codebook.yaml:2: 'label': a language is given twice"),
    ('rules:\n  - {rename: 3, label: "A\\0B"}\n', "codebook.yaml:2: 'label': a control character stands in this text"),
    ("rules:\n\t- pin: 3\n", "codebook.yaml:2: this is not valid YAML .it is indented with a tab; use spaces"),
    ("rules:\n  - rename: 3\n    label: {en: ' '}\n", "codebook.yaml:3: 'label': expected a text, found none"),
    ("rules:\n  - rename: 3\n    label: {no: Regning}\n", "codebook.yaml:3: 'label': YAML reads a bare no"),
    ("rules:\n  - rename: 3\n    label: [bill]\n", "codebook.yaml:3: 'label': expected a text"),
    ("rules:\n  - rename: 3\n    label: {en-GB: bill}\n", "codebook.yaml:3: 'label': expected words, or words by lang"),
    ("rules:\n  - {merge: [2, -1], into: 3}\n", "codebook.yaml:2: 'merge': expected the number of a theme"),
    ("rules:\n  - {rename: 3, label: ''}\n", "codebook.yaml:2: 'label': expected a text, found none"),
    ("rules:\n  - {rename: 3, label: A, lable: B}\n", "'lable' is no part of this rule .did you mean 'label'"),
    ("rules:\n  - {split: 3, into: 12, examples: [a]}\n", "codebook.yaml:2: 'into': expected a new number from 1000"),
    ("rules:\n  - {split: 3, into: 1001, examples: []}\n", "codebook.yaml:2: 'examples': expected a text, or a list"),
    ("rules:\n  - {pin: 3, pin: 4}\n", "codebook.yaml:2: 'pin' is given twice"),
    ("rules:\n  - {pin: 3, 5: x}\n", "codebook.yaml:2: '5': expected a name, found 5"),
    (f"rules:\n  - {{pin: 3, {'x' * 500}: 1}}\n", "codebook.yaml:2: 'x{79}\u2026 is no part of this rule"),
    ("rules: [\n", "codebook.yaml:2: this is not valid YAML"),
])
def test_a_wrong_codebook_is_told_with_its_line(tmp_path, text, message):
    (tmp_path / "codebook.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_codebook(tmp_path / "codebook.yaml")


@pytest.mark.parametrize(("written", "read"), [
    ("{rename: ۳, label: A}", (3, "A")), ("{rename: '3', label: A}", (3, "A")),
    ("{rename: ' قبض  ·  دیر ', label: A}", ("قبض · دیر", "A")),
    ('{rename: 3, label: "A\\n  B "}', (3, "A B")),
    ("{rename: 3, label: {FA: صورتحساب\u200cها}}", (3, {"fa": "صورتحساب\u200cها"})),
])
def test_a_rule_is_read_as_it_was_meant(tmp_path, written, read):
    (tmp_path / "codebook.yaml").write_text(f"rules:\n  - {written}\n", encoding="utf-8")
    rule = load_codebook(tmp_path / "codebook.yaml").lines[0].rule
    assert (rule.rename, rule.label) == read


def test_a_single_text_does_for_a_list(tmp_path):
    (tmp_path / "codebook.yaml").write_text("rules:\n  - {split: 3, into: 1001, examples: every evening}\n"
                                            "  - {place: 3, stages: use}\n", encoding="utf-8")
    split, place = (line.rule for line in load_codebook(tmp_path / "codebook.yaml").lines)
    assert (split.examples, place.stages) == (["every evening"], ["use"])


def test_two_rules_on_one_line_are_two(tmp_path):
    (tmp_path / "codebook.yaml").write_text("rules: [{move: e/0, to: 3}, {move: a, to: 7}]\n", encoding="utf-8")
    outcome = Outcome()
    correct_members(STATEMENTS, POINTS, LABELS, load_codebook(tmp_path / "codebook.yaml"), ONCE, outcome)
    assert outcome.table()["statement_count"].tolist() == [1, 2]


@pytest.mark.parametrize("text", ["", "rules:\n", "rules: []\n", "# nothing yet\n"])
def test_a_codebook_without_rules_is_one_too(tmp_path, text):
    (tmp_path / "codebook.yaml").write_text(text, encoding="utf-8")
    assert load_codebook(tmp_path / "codebook.yaml") == Codebook()


def test_a_missing_codebook_is_told(tmp_path):
    with pytest.raises(InputError, match="There is no codebook"):
        load_codebook(tmp_path / "none.yaml")
