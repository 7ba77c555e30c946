"""What bad or odd comments give, from the file to the tables."""

import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.errors import InputError

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CODES = [first + second + third for first in "xyzq" for second in LETTERS for third in LETTERS][:1000]


def study_of(folder, texts, settings="", **columns):
    rows = pd.DataFrame({"feedback_id": [f"c{number:04d}" for number in range(len(texts))], "text": texts, **columns})
    rows.to_csv(folder / "c.csv", index=False)
    path = folder / "study.yaml"
    path.write_text(f"name: Odd\nfeedback: c.csv\n{settings}", encoding="utf-8")
    return path


def everything_is_counted(analysis, comments):
    table = analysis.themes
    assert len(analysis.comments) == comments
    assert table["theme_id"].iloc[-1] == -1
    counted = analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"]
    assert table["statement_count"].sum() == analysis.statements["feedback_id"].isin(counted).sum()
    assert len(analysis.statements) == len(analysis.assignments)
    assert set(analysis.assignments["theme_id"]) <= set(table["theme_id"])
    assert table["label"].str.contains(r"\w").all()
    return table


@pytest.mark.slow
def test_a_thousand_languages_of_one_comment_each(tmp_path):
    texts = [f"{code}ka {code[::-1]}lo mi{code}" for code in CODES]
    analysis = analyse(study_of(tmp_path, texts, language=CODES), progress=False)
    everything_is_counted(analysis, 1000)


@pytest.mark.slow
def test_a_comment_each_in_every_script(tmp_path):
    texts = [f"{chr(point)}{chr(point + 1)}{chr(point + 2)} {number}" for number, point in
             enumerate([*range(0x0530, 0x1800, 16), *range(0xA000, 0xD700, 256)])]
    analysis = analyse(study_of(tmp_path, texts), progress=False)
    everything_is_counted(analysis, len(texts))


def test_all_comments_empty_is_one_clear_sentence(tmp_path):
    with pytest.raises(InputError, match="None of the 3 rows can be used"):
        analyse(study_of(tmp_path, ["", " ", "\n"]), progress=False)


@pytest.mark.slow
def test_comments_of_letters_that_nobody_sees_give_tables_without_a_theme(tmp_path):
    analysis = analyse(study_of(tmp_path, ["\u200b", "\u200b\u200d"]), progress=False)
    everything_is_counted(analysis, 2)
    assert analysis.themes["theme_id"].tolist() == [-1]
    assert analysis.profile["language"].tolist() == ["und", "und"]


@pytest.mark.slow
def test_all_the_same_comment(tmp_path):
    analysis = analyse(study_of(tmp_path, ["The invoice is wrong."] * 40), progress=False)
    table = everything_is_counted(analysis, 40)
    assert len(table) <= 2


@pytest.mark.slow
def test_a_comment_can_be_the_unit(tmp_path):
    texts = [f"The invoice is wrong, {number}. The courier lost my parcel! دیر رسید." for number in range(20)]
    analysis = analyse(study_of(tmp_path, texts, "unit: comment\nthemes: {minimum_size: 2}\n"), progress=False)
    everything_is_counted(analysis, 20)
    assert len(analysis.statements) == 20
    assert (analysis.statements["end"] == [len(text) for text in texts]).all()
