"""Reader: from texts to the numbers of tokens, each distinct word cut up once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np

from workbench.embedding.tokeniser import build_tokenizer, mend_surrogates
from workbench.embedding.word_forms import WordForms

_MOST_WORDS = 200_000
_WORD = re.compile("[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
"""What the tokeniser takes for a word: all between two characters that Unicode calls white space."""


class Reader:
    """How a model reads texts: folded, cut into words, words by a known form, or in pieces where there is none.

    Parameters
    ----------
    pieces, scores
        The vocabulary, as for `build_tokenizer`.

    Examples
    --------
    >>> reader = Reader(["<unk>", "▁late", "▁بطاقه", "ly"], np.array([0.0, -1, -1, -2]))
    >>> reader.tokenise(["LATE lately", "بطاقتي"])
    [[1, 1, 3], [2]]
    """

    def __init__(self, pieces: list[str], scores: np.ndarray) -> None:
        self._tokenizer = build_tokenizer(pieces, scores)
        self._normalizer, self._tokenizer.normalizer = self._tokenizer.normalizer, None
        self._forms = WordForms(pieces, scores)
        self._words: dict[str, list[int]] = {}
        self._written: dict[str, list[int]] = {}

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the tokens of each text.

        Neither folding nor a token reaches over a space or a line's end, so that what stands between two of them is
        folded and cut up once, wherever it stands.
        """
        written = [text.replace("\n", " ").split(" ") for text in texts]
        if len(self._written) > _MOST_WORDS:
            self._written.clear()
            self._words.clear()
        known = self._written
        new = [word for word in dict.fromkeys(chain.from_iterable(written)) if word not in known]
        known.update(zip(new, self._cut(new), strict=True))
        return [list(chain.from_iterable([known[word] for word in words])) for words in written]

    def _cut(self, written: list[str]) -> list[list[int]]:
        """Return the numbers of the tokens of words as they were written; one may be several when folded, or none."""
        folded = [_WORD.findall(line) for line in self._fold("\n".join(written)).split("\n")] if written else []
        known = self._words
        new = [word for word in dict.fromkeys(chain.from_iterable(folded)) if word not in known]
        encodings = self._tokenizer.encode_batch_fast([self._forms.read(word) for word in new],
                                                      add_special_tokens=False)
        known.update(zip(new, [encoding.ids for encoding in encodings], strict=True))
        return [list(chain.from_iterable([known[word] for word in words])) for words in folded]

    def _fold(self, text: str) -> str:
        try:
            return str(self._normalizer.normalize_str(text))
        except UnicodeEncodeError:
            return str(self._normalizer.normalize_str(mend_surrogates(text)))

    def vocabulary(self) -> dict[str, int]:
        """Return the number of each token."""
        entries: dict[str, int] = self._tokenizer.get_vocab()
        return entries
