import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.themes.agreement import alpha_interval, krippendorff_alpha, measure_agreement, measure_finding
from workbench.themes.sample import draw_sample, read_coding, read_drawn, theme_margins
from workbench.themes.successors import Past

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
NONE = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: examples A, B and C
TWO_VALUES = {"Meg": list("0100000010"), "Owen": list("1110010000")}
FIVE_VALUES = {"Ben": list("aabbdcccedda"), "Gerry": list("babbbccceddd")}
FOUR_CODERS = {"A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE], "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
               "C": [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE], "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE]}


@pytest.mark.parametrize(("codes", "published"), [(TWO_VALUES, 0.095), (FIVE_VALUES, 0.692), (FOUR_CODERS, 0.743)])
def test_alpha_is_as_published(codes, published):
    assert krippendorff_alpha(pd.DataFrame(codes, dtype=object)) == pytest.approx(published, abs=0.0005)


def test_alpha_of_no_variation_is_unknown():
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"a": [1, 1], "b": [1, 1]})))
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"a": [1, None], "b": [None, 1]}, dtype=object)))
    assert np.isnan(alpha_interval(pd.DataFrame({"a": [1, 1], "b": [1, 1]}), pd.Series(["x", "y"]))).all()


def test_alpha_of_chance_is_zero():
    generator = np.random.default_rng(1)
    codes = pd.DataFrame(generator.integers(0, 4, (4000, 2)))
    assert abs(krippendorff_alpha(codes)) < 0.04


def agreement_of_the_sample():
    spec = importlib.util.spec_from_file_location("sample_agreement", SAMPLE / "agreement.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["themes", "stages", "tone"])
def test_alpha_of_the_second_coding_agrees_with_another_implementation(name):
    module = agreement_of_the_sample()
    table = module.codings()
    codes = table[[f"{name}_first", f"{name}_second"]].map(lambda text: "|".join(sorted(text.split("|"))))
    other = module.alpha(list(codes.iloc[:, 0]), list(codes.iloc[:, 1]), lambda a, b: float(a != b))
    assert krippendorff_alpha(codes) == pytest.approx(other)
    low, high = alpha_interval(codes, table["feedback_id"])
    assert low < other < high
    assert high - low < 0.2


def test_rows_of_one_comment_are_drawn_together():
    codes = pd.DataFrame({"a": [1, 2] * 40, "b": [1, 2] * 36 + [2, 1] * 4})
    apart = alpha_interval(codes, pd.Series(range(80)))
    together = alpha_interval(codes, pd.Series(np.arange(80) // 10))
    assert together[1] - together[0] > apart[1] - apart[0]


def test_coders_are_held_against_each_other_and_the_machine():
    codes = pd.DataFrame({"x": [1, 2, 1, None], "y": [1, 2, 2, 1]}, dtype="Int64")
    units = pd.DataFrame({"feedback_id": list("abcd"), "drawn": ["uncertain", "random", "random", "random"]})
    table = measure_agreement(codes, pd.Series([1, 2, 1, 2]), units)
    assert table[["comparison", "drawn", "n"]].values.tolist() == [
        ["coders", "all", 3], ["coders", "random", 2], ["coders", "uncertain", 1], ["x", "all", 3], ["x", "random", 2],
        ["x", "uncertain", 1], ["y", "all", 4], ["y", "random", 3], ["y", "uncertain", 1]]
    assert table.set_index(["comparison", "drawn"]).at[("x", "all"), "alpha"] == 1.0


def test_precision_and_recall_by_theme_and_language():
    codes = pd.DataFrame({"x": [1, 1, 2, -1, None]}, dtype="Int64")
    units = pd.DataFrame({"feedback_id": list("abcde"), "language": ["en", "fa", "fa", "en", "en"],
                          "drawn": ["random", "uncertain", "random", "random", "random"]})
    table = measure_finding(codes, pd.Series([1, 2, 2, 1, 1]), units)
    cells = {(row.theme_id, row.language, row.measure): (row.n, row.value)
             for row in table[table["drawn"] == "all"].itertuples()}
    by_chance = table[table["drawn"] == "random"].set_index(["theme_id", "language", "measure"])
    assert by_chance.loc[(1, "all", "recall"), ["n", "value"]].tolist() == [1, 1.0]
    assert (1, "fa", "recall") not in by_chance.index
    assert cells[1, "all", "precision"] == (2, 0.5)
    assert cells[1, "all", "recall"] == (2, 0.5)
    assert cells[1, "fa", "recall"] == (1, 0.0)
    assert cells[2, "fa", "precision"] == (2, 0.5)
    assert (-1, "all", "precision") not in cells
    assert ((table["value_low"] <= table["value"]) & (table["value"] <= table["value_high"])).all()

def test_precision_covers_where_one_customer_says_the_same_again_and_again():
    chance, held = np.random.default_rng(4), []
    whose = np.repeat(np.arange(25), 4)
    units = pd.DataFrame({"feedback_id": np.arange(100), "whose": whose, "language": "en", "drawn": "random"})
    for _ in range(100):
        right = np.where(chance.random(100) < 0.8, (chance.random(25) < 0.6)[whose], chance.random(100) < 0.6)
        codes = pd.DataFrame({"x": np.where(right, 1, 2)})
        rows = [measure_finding(codes, pd.Series(1, range(100)), own).query(
            "theme_id == 1 and measure == 'precision' and language == 'all' and drawn == 'all'").iloc[0]
            for own in (units.drop(columns="whose"), units)]
        held.append([row["value_low"] <= 0.6 <= row["value_high"] for row in rows])
    naive, found = np.mean(held, axis=0)
    assert naive < 0.85
    assert found > 0.92


def pool(count=400):
    generator = np.random.default_rng(0)
    languages = np.array(["en", "fa", "ar"])[np.arange(count) % 3]
    statements = pd.DataFrame({"statement_id": [f"c{n:03}/0" for n in range(count)],
                               "feedback_id": [f"c{n:03}" for n in range(count)], "text": "call me on +44 20 7946 0958",
                               "language": languages, "direction": np.where(languages == "en", "ltr", "rtl")})
    themes = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": np.arange(count) % 5 - 1})
    return statements, themes, generator.random(count)


def test_a_sample_holds_each_language_and_theme_uncertain_first_and_nothing_personal():
    statements, themes, margins = pool()
    drawn = draw_sample(statements, themes, margins, size=90)
    assert len(drawn) == 90
    assert drawn["statement_id"].is_unique
    cells = drawn.merge(themes).groupby(["language", "theme_id"]).size()
    assert len(cells) == 15
    assert cells.between(5, 7).all()
    assert drawn["drawn"].is_monotonic_decreasing
    assert drawn["drawn"].value_counts()["random"] >= 30
    assert not drawn["text"].str.contains("7946").any()
    assert (drawn[["theme", "note"]] == "").all().all()
    margin = pd.Series(margins, index=statements["statement_id"])[drawn["statement_id"]].groupby(
        drawn["drawn"].to_numpy()).mean()
    assert margin["uncertain"] < margin["random"]


@pytest.mark.parametrize("size", [12, 40, 75, 130])
def test_half_of_a_sample_is_drawn_by_chance_even_where_each_language_and_theme_gives_one(size):
    statements, themes, margins = pool()
    themes["theme_id"] = np.arange(400) % 25
    drawn = draw_sample(statements, themes, margins, size=size)["drawn"].value_counts()
    assert abs(drawn["random"] - drawn["uncertain"]) <= 1


def test_what_is_drawn_by_chance_does_not_hang_on_how_sure_the_machine_is():
    statements, themes, margins = pool()
    drawn = [draw_sample(statements, themes, each, size=90) for each in (margins, 1 - margins)]
    one, other = (set(each.loc[each["drawn"] == "random", "statement_id"]) for each in drawn)
    assert one == other
    assert set(drawn[0]["statement_id"]) != set(drawn[1]["statement_id"])


def test_a_sample_does_not_depend_on_row_order_but_on_its_seed():
    statements, themes, margins = pool()
    order = np.random.default_rng(4).permutation(len(statements))
    first = draw_sample(statements, themes, margins, size=50)
    again = draw_sample(statements.iloc[order].reset_index(drop=True), themes, margins[order], size=50)
    pd.testing.assert_frame_equal(first, again)
    other = draw_sample(statements, themes, margins, size=50, seed=1)
    assert set(first["statement_id"]) != set(other["statement_id"])


@pytest.mark.parametrize(("size", "drawn"), [(1, 1), (7, 7), (400, 400), (9999, 400)])
def test_a_sample_is_as_large_as_it_can_be(size, drawn):
    assert len(draw_sample(*pool(), size=size)) == drawn


def test_an_empty_sample_is_refused():
    with pytest.raises(InputError, match="size: expected a whole number from 1 on, found 0"):
        draw_sample(*pool(), size=0)


def test_without_themes_nothing_is_more_certain():
    assert theme_margins(np.eye(3), np.zeros((0, 3)), np.zeros(0), np.full(3, -1)).tolist() == [1, 1, 1]


LABELS = pd.DataFrame([(3, "en", "Wrong invoices"), (3, "fa", "صورتحساب"), (5, "en", "Speed"), (7, "fa", "سرعت"),
                       (8, "fa", "سرعت")], columns=["theme_id", "language", "label"])


def known(*ids, text="late"):
    return pd.DataFrame({"statement_id": ids, "text": text}, dtype="str")


def write(folder, text):
    (folder / "amal.csv").write_text(text, encoding="utf-8-sig")
    return folder / "amal.csv"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_coder_may_write_numbers_labels_or_unassigned(tmp_path, sign):
    text = ("statement_id,theme,drawn\n'a/0,3,random\nb/0, WRONG invoices,uncertain\n"
            "c/0,unassigned,random\nd/0,,random\ne/0,-1,random\n")
    path = write(tmp_path, text.replace(",", sign))
    codes = read_coding(path, LABELS, known(*(f"{one}/0" for one in "abcde")))
    assert codes.fillna(-9).tolist() == [3, 3, -1, -9, -1]
    assert codes.name == "amal"
    assert read_drawn(path)["b/0"] == "uncertain"
    assert read_drawn(path)["a/0"] == "random"


@pytest.mark.parametrize(("text", "message"), [
    ("statement,theme\na/0,3\n", "amal.csv has no column 'statement_id'"),
    ("statement_id,themes\na/0,3\n", r"has no column 'theme' .did you mean 'themes'"),
    ("statement_id,theme\na/0,3\na/0,5\n", "row 3 codes a statement that was coded in a row above"),
    ("statement_id,theme\nz/9,3\n", r"row 2 names a statement that the study does not have .the only such row"),
    ("statement_id,theme\nz/9,3\nz/8,3\n", r"row 2 names a statement that the study does not have .2 such rows"),
    ("statement_id,theme\na/0,4\n", "row 2 names no theme of the study"),
    ("statement_id,theme\na/0,سرعت\n", "row 2 names no theme of the study, or two of them by one label"),
    ("statement_id,theme\na/0,3,4\n", "amal.csv, row 2: 3 cells where the header has 2"),
    ("statement_id,theme,note\na/0,\"3\nb/0,\"3\n", "amal.csv, row 2"),
    ("statement_id,theme\n,3\n", "row 2 has a theme and no statement"),
    ("", "amal.csv is empty"),
    ("\u200e\n", "amal.csv has no column 'statement_id'"),
])
def test_a_wrong_coding_is_told_by_row(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_coding(write(tmp_path, text), LABELS, known("a/0"))


def as_workbook(table, path):
    pd.DataFrame(table).to_excel(path.with_suffix(".xlsx"), index=False)
    return path.with_suffix(".xlsx")


def as_text(text, encoding="utf-8"):
    def save(_, path):
        path.write_bytes(text.encode(encoding))
        return path
    return save


@pytest.mark.parametrize("save", [
    as_workbook,
    as_text("statement_id\ttheme\na/0\t3\nb/0\tصورتحساب\nc/0\t\n", "utf-16"),
    as_text("statement_id;theme;text\na/0;3;متأخر\nb/0;3;تأخّر المندوب\nc/0;;غالي جداً وبطيء\n", "cp1256"),
    as_text("sep=;\nstatement_id;theme\na/0;3\nb/0;3\nc/0;\n"),
    as_text("statement_id,theme\na/0,3\nb/0,3\nc/0,\n,\n,\n"),
    as_text(" Statement_ID , Theme \na/0,3\nb/0,3\nc/0,\n"),
    as_text("statement_id,theme,note\na/0,3\nb/0,3,late\nc/0,\n"),
    as_text("statement_id,theme\na/0,3.0\nb/0,۳\nc/0,\n"),
    as_text('statement_id;theme\na/0;"3,0"\nb/0;3,00\nc/0;\n'),
    as_text("statement_id,theme\na/0,صورتحسابهاي  نادرست\nb/0,صورت\u200cحساب\nc/0,\n"),
])
def test_a_coding_is_read_however_a_spreadsheet_saved_it(tmp_path, save):
    path = save({"statement_id": ["a/0", "b/0", "c/0"], "theme": [3, 3, None]}, tmp_path / "amal.csv")
    labels = pd.concat([LABELS, pd.DataFrame({"theme_id": [3], "language": "fa", "label": ["صورتحساب‌های نادرست"]})])
    statements = known("a/0", "b/0", "c/0", text=["متأخر", "تأخّر المندوب", "غالي جداً وبطيء"])
    assert read_coding(path, labels, statements).fillna(-9).to_dict() == {"a/0": 3, "b/0": 3, "c/0": -9}


def test_a_minus_sign_is_one(tmp_path):
    path = write(tmp_path, "statement_id,theme\na/0,\N{MINUS SIGN}1\n")
    assert read_coding(path, LABELS, known("a/0")).tolist() == [-1]


def test_rows_are_told_as_a_spreadsheet_numbers_them(tmp_path):
    text = "statement_id,text,theme\na/0,\"late\nagain\",3\n\nb/0,wet,77\n"
    with pytest.raises(InputError, match="row 4 names no theme"):
        read_coding(write(tmp_path, text), LABELS, known("a/0", "b/0", text=["late again", "wet"]))


def test_how_a_statement_was_drawn_is_unknown_where_the_file_does_not_say(tmp_path):
    assert read_drawn(write(tmp_path, "statement_id,theme\na/0,3\n")).to_dict() == {"a/0": ""}
    assert read_drawn(write(tmp_path, "statement_id,theme,drawn\na/0,3, Random \n")).to_dict() == {"a/0": "random"}


def test_a_name_that_a_theme_had_is_known(tmp_path):
    past = Past({6: 3, 9: "it is gone"}, {"Old name": {3}, "قديم": {6, 3}, "Both": {3, 5}, "Gone": {9}})
    path = write(tmp_path, "statement_id,theme\na/0,old  NAME\nb/0,قدیم\nc/0,6\nd/0,gone\n")
    codes = read_coding(path, LABELS, known("a/0", "b/0", "c/0", "d/0"), past)
    assert codes.fillna(-9).tolist() == [3, 3, 3, -9]
    assert codes.attrs["readings"][0] == "amal.csv: '6' is read as theme 3, Wrong invoices."
    assert "amal.csv: 'gone' is no theme any more, codes left out: 1 (it is gone)." in codes.attrs["readings"]
    with pytest.raises(InputError, match="row 2 names no theme of the study, or two of them by one label"):
        read_coding(write(tmp_path, "statement_id,theme\na/0,both\n"), LABELS, known("a/0"), past)
    with pytest.raises(InputError, match="row 2 names no theme"):
        read_coding(write(tmp_path, f"statement_id,theme\na/0,{'9' * 5000}\n"), LABELS, known("a/0"), past)


def test_a_missing_coding_is_told(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        read_coding(tmp_path / "none.csv", LABELS, known())


def test_codes_of_statements_that_are_gone_or_read_otherwise_are_counted_and_left_out(tmp_path):
    comments = pd.DataFrame({"feedback_id": list("abcd"), "text": ["call me on +44 20 7946 0958", "دیر رسید، دوبار",
                                                                  "the price is too high", "wet"]})
    statements = comments.assign(statement_id=[f"{one}/0" for one in "abcd"], start=0, end=comments["text"].str.len())
    shown = draw_sample(statements.assign(language="en", direction="ltr"), pd.DataFrame(
        {"statement_id": statements["statement_id"], "theme_id": 3}), np.zeros(4), comments=comments)
    text = shown.set_index("statement_id")["text"]
    path = write(tmp_path, f"statement_id,text,theme\na/0,{text['a/0']},3\nb/0,د?ر رس?د، دوبار,3\n"
                           "c/0,nobody answers my letters,3\nd/0,,3\nz/0,late again,5\ny/0,late again,\n")
    codes = read_coding(path, LABELS, statements, comments=comments)
    assert codes.to_dict() == {"a/0": 3, "b/0": 3, "d/0": 3}
    assert codes.attrs["readings"] == ["amal.csv: codes left out, as their statements are not in the study any more "
                                       "(the comments were deleted or edited, or are cut otherwise): 2."]
