import tracemalloc

import numpy as np
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.feedback import duplicates, mark_duplicates

LONG = "The technician came three times and the line still drops every evening at nine"
CASES = [
    ([LONG, LONG.upper() + "!!!"], [None, "0"]),
    ([LONG, "  " + LONG.replace(" ", "\n")], [None, "0"]),
    ([LONG, LONG.replace("evening", "evenning")], [None, "0"]),
    (
        [LONG, LONG.replace("technician came three times and the", "courier never came, the bill was wrong and my")],
        [None, None],
    ),
    (["پیک بسته را زیر باران گذاشت و رفت", "پيك بسته را زير باران گذاشت و رفت!"], [None, "0"]),
    (["وصل الطرد متأخراً عشرة أيام كاملة", "وصل الطرد متاخرا عشره ايام كامله"], [None, "0"]),
    (["سفارش ۱۲۳۴ هنوز به دست من نرسیده است", "سفارش 1234 هنوز به دست من نرسیده است"], [None, "0"]),
    (["good", "good"], [None, None]),
    (["تمام", "تمام"], [None, None]),
    (["👍👍👍", "👍👍👍"], [None, None]),
    (["", None], [None, None]),
    ([LONG, LONG, LONG.replace("evening", "evenning"), LONG.replace("evening", "evenning")], [None, "0", "0", "0"]),
]


def marked(texts, **columns):
    comments = pd.DataFrame({"feedback_id": [str(i) for i in range(len(texts))], "text": texts, **columns})
    found = mark_duplicates(comments)
    return [None if pd.isna(value) else value for value in found]


@pytest.mark.parametrize(("texts", "expected"), CASES)
def test_what_repeats_what(texts, expected):
    assert marked(texts) == expected


def test_the_earliest_is_kept_by_time_then_by_id():
    assert marked([LONG, LONG, LONG], created_at=pd.to_datetime(["2026-03-03", "2026-03-01", None])) == ["1", None, "1"]


def test_row_order_and_index_do_not_matter():
    comments = pd.DataFrame(
        {
            "feedback_id": [f"{i:03d}" for i in range(60)],
            "text": [f"{LONG} and this is customer group {i % 7}" for i in range(60)],
        }
    )
    comments.loc[30:, "text"] += "."
    found = mark_duplicates(comments)
    shuffled = comments.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(mark_duplicates(shuffled).sort_index(), found)
    assert found.notna().sum() >= 53


def test_nothing_below_the_threshold_is_marked():
    def overlap(one, other):
        left, right = ({text[i : i + 5] for i in range(len(text) - 4)} for text in (one, other))
        return len(left & right) / len(left | right)

    base = "abcdefghijklmnopqrstuvwxyz0123456789" * 3
    texts = [" ".join(base[start : start + 40 + 3 * step] for step in range(4)) for start in range(36)]
    comments = pd.DataFrame({"feedback_id": [f"{i:03d}" for i in range(36)], "text": texts})
    found = mark_duplicates(comments, threshold=0.9)
    by_id = dict(zip(comments["feedback_id"], comments["text"], strict=True))
    assert all(
        overlap(text, by_id[original]) >= 0.9
        for text, original in zip(texts, found, strict=True)
        if isinstance(original, str)
    )


def test_a_duplicate_never_points_to_a_duplicate():
    texts = [LONG + " " + "x" * n for n in range(30)]
    comments = pd.DataFrame({"feedback_id": [f"{i:03d}" for i in range(30)], "text": texts})
    found = mark_duplicates(comments).dropna()
    assert len(found) > 0
    assert not set(found) & set(comments.loc[found.index, "feedback_id"])


def test_five_thousand_templates_are_no_square_of_pairs():
    comments = pd.DataFrame(
        {"feedback_id": [f"{i:05d}" for i in range(5000)], "text": [f"{LONG}, ticket {i}" for i in range(5000)]}
    )
    assert mark_duplicates(comments).notna().mean() > 0.99


def test_missing_columns_and_bad_thresholds_are_told():
    with pytest.raises(InputError, match="lacks text"):
        mark_duplicates(pd.DataFrame({"feedback_id": ["a"]}))
    with pytest.raises(ValueError, match="above 0"):
        mark_duplicates(pd.DataFrame({"feedback_id": ["a"], "text": ["b"]}), threshold=0)


def test_an_empty_table_has_no_duplicates():
    assert mark_duplicates(pd.DataFrame({"feedback_id": [], "text": []}, dtype="str")).tolist() == []


@pytest.mark.parametrize("chunk", [1, 200])
def test_how_many_texts_are_hashed_at_a_time_changes_nothing(monkeypatch, chunk):
    texts = [f"{LONG}, said customer number {number} of {number * 7}" for number in range(60)]
    texts += [text.replace("evening", "evenning") for text in texts[::4]] + ["short"]
    comments = pd.DataFrame({"feedback_id": [str(number) for number in range(len(texts))], "text": texts})
    whole = mark_duplicates(comments)
    monkeypatch.setattr(duplicates, "_CHUNK", chunk)
    assert whole.notna().sum() >= 15
    pd.testing.assert_series_equal(mark_duplicates(comments), whole)


def test_what_is_compared_is_not_all_held_at_once():
    letters = np.random.default_rng(1).choice(list("abcdefghijklmnop "), (200, 3000))
    texts = ["".join(row) for row in letters]
    table = pd.DataFrame({"feedback_id": [f"{number:03}" for number in range(400)],
                          "text": [text + end for text in texts for end in ("", " once more")]})
    tracemalloc.start()
    try:
        found = mark_duplicates(table)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert int(found.notna().sum()) == 200
    assert peak < 30_000_000
