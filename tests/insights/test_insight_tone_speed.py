"""What the shipped sentences teach is learned once for a store, and is the same when it is read again."""

from pathlib import Path

import numpy as np
import pytest

import workbench
from workbench.embedding import load_encoder
from workbench.embedding.fits import read_shipped, same_fit
from workbench.insights.tone import shipped as shipping
from workbench.insights.tone.lexicon import _LONGEST_PHRASE, Hit, find_hits, lexicon_of, word_meanings
from workbench.insights.tone.shipped import (
    FIT,
    READ_BY,
    fit_sentences,
    load_shipped,
    read_sentences,
    shipped_digest,
)
from workbench.language import counting_key, tokenise

SHARES = ["p_negative", "p_neutral", "p_positive"]


def never(*_):
    pytest.fail("learned again")


def test_the_fit_that_ships_is_of_these_sentences_and_this_code():
    assert all((Path(workbench.__file__).parent / name).exists() for name in READ_BY)
    assert read_shipped(FIT, shipped_digest(), READ_BY), "run `make fits`, and commit what it changes"


@pytest.mark.slow
def test_the_fit_that_ships_is_what_the_sentences_teach():
    # Processors differ by 1e-14 in what they make of it, releases of scikit-learn by more.
    assert same_fit(read_shipped(FIT, shipped_digest(), READ_BY), fit_sentences(load_encoder(), None), rounding=1e-6)


def test_a_fit_that_ships_and_one_that_is_made_or_kept_are_the_same(tmp_path, monkeypatch):
    encoder, known = load_encoder(), []
    for shipped in (FIT, tmp_path / "none.npz", tmp_path / "none.npz"):
        monkeypatch.setattr(shipping, "FIT", shipped)
        monkeypatch.setattr(shipping, "_KNOWN", {})
        known.append(load_shipped(encoder, tmp_path))
        monkeypatch.setattr(shipping, "fit_sentences", fit_sentences if shipped == FIT else never)
    assert len(list(tmp_path.glob("tone-*.npz"))) == 1
    first, *others = known
    for again in others:
        assert np.allclose(first.held_out[SHARES], again.held_out[SHARES], atol=1e-6)
        assert (again.model.identity, again.folds.tolist()) == (first.model.identity, first.folds.tolist())
        assert np.isclose(again.model.temperature, first.model.temperature, atol=1e-6)
        for name in ("lexical", "vectors"):
            assert np.array_equal(getattr(again.evidence, name), getattr(first.evidence, name))
        assert abs(again.evidence.hashed - first.evidence.hashed).max() < 1e-9
        assert np.allclose(again.model.scores(again.evidence), first.model.scores(first.evidence), atol=1e-6)


def plainly(key, language):
    """Return the hits of a text, every phrase being looked for at every word."""
    words, whole, hits, place = tokenise(key, language), lexicon_of(language).whole, [], 0
    while place < len(words):
        lengths = range(min(_LONGEST_PHRASE, len(words) - place), 1, -1)
        found = next(((whole[phrase], length) for length in lengths
                      if whole.get(phrase := " ".join(words[place:place + length]))), None)
        meanings, length = found or (word_meanings(words[place], language), 1)
        hits += [Hit(kind, weight, place, place + length - 1) for kind, weight in meanings]
        place += length
    return hits


def test_phrases_are_found_as_when_each_is_looked_for_everywhere():
    sentences = read_sentences()
    phrases = 0
    for text, language in zip(sentences["text"], sentences["language"], strict=True):
        if language not in ("zh", "ja"):
            key = counting_key(text, language)
            assert find_hits(key, language)[0] == plainly(key, language)
            phrases += any(hit.last > hit.first for hit in plainly(key, language))
    assert phrases > 50
