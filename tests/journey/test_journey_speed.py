"""What makes the stage fast gives the results of the plain way."""

import re
from pathlib import Path

import numpy as np
import pytest

import workbench
from workbench.embedding import load_encoder
from workbench.journey import load_journey_model
from workbench.journey import scorer as scoring
from workbench.journey.evidence import Likeness, lean_on_likeness, most_alike
from workbench.journey.scorer import scorer_for
from workbench.journey.words import fold, word_hits
from workbench.themes import nearest_neighbours

MODEL = load_journey_model()
LETTER = "[\\w\u0900-\u097f]"
ARABIC = "(?:[وف]?(?:[بکل]|لل|ال|[بکف]ال|[بلت]|ه)?)"


def searched(parts, text, language):
    """Which parts a text names, one regular expression a word."""
    spoken = {one for part in parts for one in part.words}
    return [any(re.search(pattern(one, fold(word)), fold(text))
                for one in ([language] if language in spoken else sorted(spoken)) for word in part.words.get(one, ()))
            for part in parts]


def pattern(language, word):
    if language in ("zh", "ja"):
        return re.escape(word)
    end = f"(?!{LETTER})" if len(word) <= 3 else ""
    return f"(?<!{LETTER}){ARABIC if language == 'ar' else ''}{re.escape(word)}{end}"


@pytest.mark.parametrize("language", ["en", "ar", "fa", "hi", "zh", "tr",
                                      *(pytest.param(other, marks=pytest.mark.slow) for other in ("und", "sw"))])
def test_telling_words_are_those_that_a_search_finds(language):
    own = MODEL.examples[MODEL.examples["language"] == language]["text"].tolist()
    texts = (own or MODEL.examples["text"].iloc[::60].tolist())[:60]
    parts = (*MODEL.stages, *MODEL.touchpoints)
    found = word_hits(parts, [*texts, *texts[:5]], [language] * (len(texts) + min(5, len(texts))))
    assert found.sum() > 5
    assert found[: len(texts)].astype(bool).tolist() == [searched(parts, text, language) for text in texts]
    assert found[len(texts) :].tolist() == found[:5].tolist()


def test_neighbours_of_many_rows_are_those_of_a_full_sort():
    random = np.random.default_rng(5)
    points = random.normal(size=(1500, 8)).astype(np.float32)
    points[700:1100] = points[random.integers(0, 40, 400)]  # equal rows, so that ties are decided
    found, cosine = nearest_neighbours(points, 15)
    unit = np.rint(points / np.linalg.norm(points, axis=1, keepdims=True).astype(np.float64) * 4000)
    every = unit @ unit.T
    np.fill_diagonal(every, -np.inf)
    order = np.argsort(-every, axis=1, kind="stable")[:, :15]
    assert (found == order).all()
    assert np.allclose(cosine, np.take_along_axis(every, order, axis=1) / 4000**2)


def test_likeness_is_found_once_and_leans_block_by_block(monkeypatch):
    random = np.random.default_rng(1)
    vectors = random.normal(size=(60, 6)).astype(np.float32)
    where, ids = np.repeat(np.arange(30), 2).astype(str), np.array([f"s{place:02d}" for place in range(60)])
    alike, logs = most_alike(vectors, where, ids, 7), random.normal(size=(60, 3))
    assert alike.rows.shape == (60, 7)
    assert ((where[alike.rows] == where[:, None]) == (alike.roots == 0))[alike.roots > 0].all()
    whole = lean_on_likeness(logs, alike)
    monkeypatch.setattr("workbench.journey.evidence._BLOCK", 7)
    assert (lean_on_likeness(logs, alike) == whole).all()
    nobody = Likeness(alike.rows, np.zeros_like(alike.roots))
    assert np.allclose(lean_on_likeness(logs, nobody), logs - logs.mean(axis=1, keepdims=True))


def test_a_fit_is_kept_and_read_back(tmp_path, monkeypatch):
    encoder, model = load_encoder(), load_journey_model("service_five")
    monkeypatch.setattr(scoring, "_SCORERS", {})
    first, _ = scorer_for(model, encoder, tmp_path)
    assert len(list(tmp_path.glob("journey-*.npz"))) == 1
    monkeypatch.setattr(scoring, "_SCORERS", {})
    monkeypatch.setattr(scoring, "fit_examples", lambda *_: pytest.fail("fitted again"))
    again, _ = scorer_for(model, encoder, tmp_path)
    assert (again.stages.weights == first.stages.weights).all()
    assert (again.examples == first.examples).all()
    assert (again.touchpoints.votes == first.touchpoints.votes).all()
    assert (again.threshold, again.touchpoint_threshold) == (first.threshold, first.touchpoint_threshold)
    assert (again.touchpoints.scale, again.stages.scale) == (first.touchpoints.scale, first.stages.scale)


def test_what_examples_are_read_by_decides_what_a_fit_is_kept_under():
    root = Path(workbench.__file__).parent
    files = [root / name for name in scoring.READ_BY if name.startswith("journey/")]
    imports = re.compile(r"^from workbench\.((?:journey|themes)\.\w+)", re.MULTILINE)
    asked = {found.replace(".", "/") for file in files for found in imports.findall(file.read_text("utf-8"))}
    assert {"journey/votes", "themes/whole_numbers"} <= asked
    assert {f"{name}.py" for name in asked} - {"journey/model.py"} <= set(scoring.READ_BY)  # it has a digest of its own
    assert all((root / name).exists() for name in scoring.READ_BY)
