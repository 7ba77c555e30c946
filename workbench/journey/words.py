"""Telling words: which stages or touchpoints a statement names in so many words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from workbench.journey.lexicon import Lexicon, lexicon_of
from workbench.journey.model import Part

_FOLDS = str.maketrans({"\u200c": " ", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
                        "\u2019": "'", "\u0640": None, "\u0307": None} | {chr(c): None for c in range(0x64B, 0x653)})


def fold(text: str) -> str:
    """Return `text` with letters that are typed in several ways made equal; for comparing only.

    Examples
    --------
    >>> [fold(text) for text in ("DELIVERY", "الشركة", "كتاب\u200cها")]
    ['delivery', 'الشرکه', 'کتاب ها']
    """
    return text.lower().translate(_FOLDS)


def word_hits(parts: Sequence[Part], texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
    """Return which parts each text names by one of their telling words.

    A telling word counts where it begins a word of the text, or is one if it has at most three letters (anywhere
    in Chinese and Japanese; after the article and one-letter prefixes in Arabic). A text of a language that has
    no words is compared with those of all.

    Parameters
    ----------
    parts
        Stages or touchpoints.
    texts
        As written, n texts.
    languages
        ISO 639-1, one a text.

    Returns
    -------
    numpy.ndarray
        float32 of 0 and 1, shape ``(n, len(parts))``.

    Examples
    --------
    >>> from workbench.journey import load_journey_model
    >>> model = load_journey_model()
    >>> texts = ["the courier was late", "المندوب تأخر", "پیک دیر آمد"]
    >>> hits = word_hits(model.touchpoints, texts, ["en", "ar", "fa"])
    >>> column = [part.id for part in model.touchpoints].index("delivery")
    >>> hits[:, column].tolist()
    [1.0, 1.0, 1.0]
    """
    codes, folded = np.array(list(languages), dtype=object), np.array([fold(text) for text in texts], dtype=object)
    spoken = sorted({language for part in parts for language in part.words})
    hits = np.zeros((len(folded), len(parts)), dtype=np.float32)
    for language in sorted(set(codes)):
        rows = np.flatnonzero(codes == language)
        place, distinct = pd.factorize(folded[rows])
        used = [language] if language in spoken else spoken
        lexicon = _lexicon(tuple(tuple((one, tuple(part.words.get(one, ()))) for one in used) for part in parts))
        hits[rows] = lexicon.hits(list(distinct), len(parts))[place]
    return hits


@lru_cache(maxsize=64)
def _lexicon(words: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]) -> Lexicon:
    return lexicon_of((language, word, column) for column, part in enumerate(words) for language, spelled in part
                      for word in sorted({fold(one) for one in spelled}))


def named_touchpoints(parts: Sequence[Part], recorded: pd.Series) -> np.ndarray:
    """Return the position of the touchpoint that each row records by id or by a name in any language, else -1.

    Examples
    --------
    >>> from workbench.journey import load_journey_model
    >>> parts = load_journey_model().touchpoints
    >>> positions = named_touchpoints(parts, pd.Series(["delivery", "التوصيل", "?", None]))
    >>> [parts[i].id if i >= 0 else None for i in positions]
    ['delivery', 'delivery', None, None]
    """
    known = {fold(name): place for place, part in enumerate(parts) for name in (*part.names.values(), part.id)}
    return np.array([known.get(fold(value).strip(), -1) if isinstance(value, str) else -1 for value in recorded],
                    dtype=np.int64)
