"""What the shipped sentences teach is learned once for a store, and is the same when it is read again."""

import numpy as np
import pytest

from workbench.embedding import load_encoder
from workbench.insights.tone import shipped as shipping
from workbench.insights.tone.lexicon import _LONGEST_PHRASE, Hit, find_hits, lexicon_of, word_meanings
from workbench.insights.tone.shipped import load_shipped, read_sentences
from workbench.language import counting_key, tokenise


def test_a_kept_fit_is_the_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(shipping, "_KNOWN", {})
    encoder = load_encoder()
    first = load_shipped(encoder, tmp_path)
    assert len(list(tmp_path.glob("tone-*.npz"))) == 1
    monkeypatch.setattr(shipping, "_KNOWN", {})
    monkeypatch.setattr(shipping, "_fit", lambda *_: pytest.fail("learned again"))
    again = load_shipped(encoder, tmp_path)
    assert again.held_out.equals(first.held_out)
    assert (again.model.identity, again.model.temperature) == (first.model.identity, first.model.temperature)
    for name in ("lexical", "vectors"):
        assert np.array_equal(getattr(again.evidence, name), getattr(first.evidence, name))
    assert (again.evidence.hashed != first.evidence.hashed).nnz == 0
    assert np.array_equal(again.model.scores(again.evidence), first.model.scores(first.evidence))
    assert np.array_equal(again.folds, first.folds)


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
