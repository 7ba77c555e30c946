import importlib.util
import re
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
spec = importlib.util.spec_from_file_location("agreement", SAMPLE / "agreement.py")
agreement = importlib.util.module_from_spec(spec)
spec.loader.exec_module(agreement)


def same(a, b):
    return float(a != b)


def test_alpha_of_a_published_example():
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A: binary data, two observers.
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert agreement.alpha(first, second, same) == pytest.approx(0.095, abs=0.001)


def test_full_agreement_is_one():
    assert agreement.alpha(["a", "b", "a"], ["a", "b", "a"], same) == 1


def test_the_second_coding_has_two_hundred_comments_of_the_gold():
    table = agreement.codings()
    assert table["feedback_id"].nunique() == 200
    assert len(table) == 322


@pytest.mark.parametrize("name", agreement.CODES)
def test_the_card_says_what_the_codings_say(name):
    card = (SAMPLE / "README.md").read_text(encoding="utf-8")
    stated = re.search(rf"^\| {name} \| ([\d.]+) \|", card, re.MULTILINE)
    table = agreement.codings()
    first = [agreement.read_code(name, text) for text in table[f"{name}_first"]]
    second = [agreement.read_code(name, text) for text in table[f"{name}_second"]]
    distance = agreement.squared if name == "tone" else agreement.jaccard
    assert float(stated[1]) == pytest.approx(agreement.alpha(first, second, distance), abs=0.005)
