"""What the shipped examples teach ships with them, and serves nobody whose examples, encoder or code are others."""

from pathlib import Path

import numpy as np
import pytest

import workbench
from workbench.embedding import embed, load_encoder
from workbench.embedding.fits import read_shipped, same_fit
from workbench.journey import load_journey_model
from workbench.journey import scorer as scoring
from workbench.journey.scorer import FIT, READ_BY, fit_examples, scorer_for

MODEL = load_journey_model()
EXTENDED = """id: seven_stages
extends: seven_stages
stages:
  - id: use
    examples: {en: [the box hums at night]}
"""
TINY = """id: seven_stages
touchpoint_model: met.yaml
languages: [en]
stages:
  - {id: buy, names: {en: Buy}, definition: {en: Orders.}, touchpoints: [shop],
     examples: {en: [I ordered two, the price is fair], fa: [دو تا خریدم]}}
  - {id: use, names: {en: Use}, definition: {en: Uses it.}, touchpoints: [line],
     examples: {en: [it stopped working, so slow], ar: [الخدمة بطيئة]}}
"""
MET = """id: met
languages: [en]
touchpoints:
  - {id: shop, names: {en: Shop}, definition: {en: A shop.}, words: {en: [counter]},
     examples: {en: [the clerk was kind, a long queue]}}
  - {id: line, names: {en: Line}, definition: {en: The line.}, words: {en: [fibre]},
     examples: {en: [no connection, the line is dead]}}
"""


class Other:
    """The embedded encoder under another name."""

    def __init__(self):
        self._encoder, self.name, self.identity = load_encoder(), "other", "another identity"
        self.dimensions = self._encoder.dimensions

    def encode(self, texts):
        return self._encoder.encode(texts)


@pytest.fixture
def asked(monkeypatch):
    """The fingerprints of the models that are learnt anew."""
    seen, made = [], read_shipped(FIT, MODEL.fingerprint, READ_BY)

    def note(model, encoder, cache):
        seen.append(model.fingerprint)
        return made

    monkeypatch.setattr(scoring, "_SCORERS", {})
    monkeypatch.setattr(scoring, "fit_examples", note)
    return seen


def test_the_fit_that_ships_is_of_these_examples_and_this_code():
    assert all((Path(workbench.__file__).parent / name).exists() for name in READ_BY)
    assert read_shipped(FIT, MODEL.fingerprint, READ_BY), "run `make fits`, and commit what it changes"


@pytest.mark.slow
def test_the_fit_that_ships_is_what_the_examples_teach():
    # Processors differ by 1e-13 in what they make of it, which may be rounded to the next four-millionth.
    assert same_fit(read_shipped(FIT, MODEL.fingerprint, READ_BY), fit_examples(MODEL, load_encoder(), None),
                    rounding=1e-6)


def test_nothing_is_learnt_or_kept_for_the_shipped_model(asked, tmp_path):
    scorer, _ = scorer_for(MODEL, load_encoder(), tmp_path)
    assert (asked, list(tmp_path.iterdir())) == ([], [])
    assert scorer.examples.shape == (len(MODEL.examples), load_encoder().dimensions)


def test_a_changed_example_is_learnt_anew(asked, tmp_path):
    (tmp_path / "own.yaml").write_text(EXTENDED, encoding="utf-8")
    own = load_journey_model(tmp_path / "own.yaml")
    scorer_for(own, load_encoder())
    assert own.id == MODEL.id
    assert asked == [own.fingerprint] != [MODEL.fingerprint]


def test_another_encoder_learns_anew(asked):
    scorer_for(MODEL, Other())
    assert asked == [MODEL.fingerprint]


def test_changed_code_learns_anew(asked, monkeypatch):
    monkeypatch.setattr(scoring, "READ_BY", (*READ_BY, "columns.py"))
    scorer_for(MODEL, load_encoder())
    assert asked == [MODEL.fingerprint]


def test_what_is_learnt_and_what_ships_read_alike(monkeypatch, tmp_path):
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "met.yaml").write_text(MET, encoding="utf-8")
    tiny = load_journey_model(tmp_path / "tiny.yaml")
    texts = ["the courier lost my parcel", "المندوب تأخر", "پیک دیر آمد", "wie hoch ist die Rechnung"] * 3
    vectors = embed(texts)
    scoring.ship_fit(tmp_path / "fit.npz", tiny.fingerprint, READ_BY, fit_examples(tiny, load_encoder(), None))
    told = []
    for shipped in (tmp_path / "fit.npz", tmp_path / "none.npz"):
        monkeypatch.setattr(scoring, "FIT", shipped)
        monkeypatch.setattr(scoring, "_SCORERS", {})
        told.append(scorer_for(tiny, load_encoder())[0].texts(texts, ["en", "ar", "fa", "de"] * 3, vectors))
    for name in ("stages", "touchpoints", "named"):
        assert np.array_equal(getattr(told[0], name), getattr(told[1], name))


def test_what_a_text_says_does_not_hang_on_what_is_read_beside_it():
    scorer, encoder = scorer_for(MODEL, load_encoder())
    texts, languages = (MODEL.examples[name].iloc[::9].tolist() for name in ("text", "language"))
    vectors = embed(texts, encoder).astype(np.float16)
    whole = scorer.texts(texts, languages, vectors)
    order = np.random.default_rng(0).permutation(len(texts))
    for rows in (order, order[:1], order[:7], order[5:320]):
        part = scorer.texts([texts[row] for row in rows], [languages[row] for row in rows], vectors[rows])
        assert np.array_equal(part.stages, whole.stages[rows])
        assert np.array_equal(part.touchpoints, whole.touchpoints[rows])
