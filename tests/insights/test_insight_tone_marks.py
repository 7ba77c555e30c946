"""What the characters of texts tell is the same whether each text is looked at alone or all together."""

import re

import pytest

from workbench.insights.tone.marks import count_marks

TEXTS = ["Sooo LATE!!!", "!", "!!", "", "ΑΒΓ δ", "چرا؟؟؟ دیر", "真的？！", "a\ud83d", "aa", "a", "aab", "bbb", "5 ½ ٥",
         "Ⓐ"]


def plainly(text):
    return (sum(map(str.isalpha, text)), sum(map(str.isupper, text)), sum(map(str.isdigit, text)),
            text.count("!") + text.count("！"), sum(map(text.count, "?؟？")), bool(re.search(r"(?s)(.)\1\1", text)))


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[::-1], [], ["", ""], *([text] for text in TEXTS)])
def test_marks_are_those_of_each_text_alone(texts):
    marks = count_marks(texts)
    assert [len(column) for column in marks] == [len(texts)] * len(marks)
    assert [tuple(row) for row in zip(*(column.tolist() for column in marks), strict=True)] == list(map(plainly, texts))
