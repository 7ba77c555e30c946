"""Shares of tone that carry the error of the model, and not only that of the sample.

A model that takes one neutral statement in ten for a negative one finds negative statements where there are none.
Shares are therefore corrected by what the model did on held-out texts: the question of Rogan and Gladen (1978), for
three tones and four answers, and answered by drawing from the posterior (a Gibbs sampler, as Joseph, Gyorkos and Coupal
1995), so that no share leaves 0 to 1. Each draw has an error of its own, from its Dirichlet posterior given the
held-out texts, and the sample counts for as many comments as its customers make it worth.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from workbench.insights.clusters import design_effect

COLUMNS: Final = ["dimension", "value", "n", "statement_count", *(
    f"{tone}_share{end}" for tone in ("negative", "neutral", "positive") for end in ("", "_low", "_high")
), "told_negative_share", "abstained_share"]
ANSWERS: Final = ("negative", "neutral", "positive", "uncertain")
_SHARES: Final = ["p_negative", "p_neutral", "p_positive"]
_DRAWS, _STEPS = 400, 60
_PRIOR: Final = 0.5  # Jeffreys
_TOO_SILENT: Final = 0.9  # abstained from: nothing is known then
_BORROWED = 10.0  # texts' worth of all languages' error in each language's
_SURE_ENOUGH = 0.5
_TINY: Final = 1e-9  # no answer is impossible


def share_tones(tone: pd.DataFrame, cells: pd.DataFrame, clusters: pd.Series, held_out: pd.DataFrame, *,
                seed: int = 0, confidence: float = 0.95) -> pd.DataFrame:
    """Return the corrected share of each tone in each cell.

    Each comment counts once in a cell, in equal parts for its statements there. Of what is said in the cell, the shares
    are those of negative, neutral (or balanced) and positive.

    Parameters
    ----------
    tone
        From `tell_tone`: ``statement_id, word``.
    cells
        ``dimension, value, statement_id, feedback_id, language``: one row a statement and cell.
    clusters
        Whom a comment comes from, by ``feedback_id``.
    held_out
        Texts that the model had not learned from, with ``language, tone``, the three probabilities, and ``weight``.
    seed, confidence
        Of the draws, and of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``dimension, value, n`` (comments), ``statement_count``, for each tone its share with ``_low`` and ``_high``,
        ``told_negative_share`` (as the model tells, without correction) and ``abstained_share``. Shares are means of
        the draws, and empty where the model abstains from more than nine tenths.

    Examples
    --------
    >>> ids = [f"{i}/0" for i in range(60)]
    >>> tone = pd.DataFrame({"statement_id": ids, "word": ["negative"] * 30 + ["positive"] * 30})
    >>> cells = pd.DataFrame({"dimension": "market", "value": "ایران", "statement_id": ids,
    ...     "feedback_id": [str(i) for i in range(60)], "language": "fa"})
    >>> held_out = pd.DataFrame({"language": "fa", "tone": [-1, 0, 1] * 40, "weight": 1.0,
    ...     "p_negative": [0.9, 0.1, 0.1] * 40, "p_neutral": [0.0, 0.8, 0.0] * 40, "p_positive": [0.1, 0.1, 0.9] * 40})
    >>> clusters = pd.Series([str(i) for i in range(60)], index=cells["feedback_id"])
    >>> share_tones(tone, cells, clusters, held_out)[["value", "n", "told_negative_share"]].values.tolist()
    [['ایران', 60, 0.5]]
    """
    if not len(cells):
        return pd.DataFrame(columns=COLUMNS)
    languages = sorted(set(cells["language"]))
    chance = np.random.default_rng(seed)
    counts = count_answers(held_out, languages)
    drawn = _draw_errors(counts, chance)
    told = cells.merge(tone[["statement_id", "word"]], on="statement_id")
    told["cluster"] = pd.factorize(told["feedback_id"].map(clusters), sort=True)[0]
    told["feedback_id"] = pd.factorize(told["feedback_id"], sort=True)[0]  # numbers are many times faster to group
    parts = told.groupby(["dimension", "value"], sort=True)
    rows = [{"dimension": dimension, "value": value, **_share(part, languages, drawn, chance, confidence)}
            for (dimension, value), part in parts]
    return pd.DataFrame(rows, columns=COLUMNS)


def count_answers(held_out: pd.DataFrame, languages: list[str]) -> np.ndarray:
    """Return how often each tone got each answer, by language, with what a language borrows from all.

    Parameters
    ----------
    held_out
        As for `share_tones`.
    languages
        Those wanted. One without held-out texts is only ever abstained from.

    Returns
    -------
    numpy.ndarray
        Shape ``(languages, 3 tones, 4 answers)``.
    """
    shares = held_out[_SHARES].to_numpy()
    answer = np.where(shares.max(axis=1) >= _SURE_ENOUGH, shares.argmax(axis=1), 3)
    tones = held_out["tone"].to_numpy() + 1
    known = held_out["language"].to_numpy()

    def table(rows: np.ndarray) -> np.ndarray:
        counts = np.zeros((3, 4))
        np.add.at(counts, (tones[rows], answer[rows]), held_out["weight"].to_numpy()[rows])
        return counts

    everywhere = table(np.ones(len(held_out), dtype=bool)) + 0.5
    everywhere /= everywhere.sum(axis=1, keepdims=True)
    silent = np.array([[0.01, 0.01, 0.01, 100.0]] * 3)
    return np.stack([table(known == language) + _BORROWED * everywhere if (known == language).any() else silent
                     for language in languages])


def _draw_errors(counts: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return draws of each language's error, shape (draws, languages, 3, 4)."""
    drawn = chance.standard_gamma(np.broadcast_to(counts, (_DRAWS, *counts.shape)))
    errors: np.ndarray = np.maximum(drawn, _TINY) / np.maximum(drawn, _TINY).sum(axis=3, keepdims=True)
    return errors


def _share(part: pd.DataFrame, languages: list[str], drawn: np.ndarray, chance: np.random.Generator,
           confidence: float) -> dict[str, float]:
    weight = 1.0 / part.groupby("feedback_id")["statement_id"].transform("size")
    answer = part["word"].map({word: place for place, word in enumerate(ANSWERS)}).to_numpy()
    told = np.bincount(answer, weights=weight, minlength=4) / weight.sum()
    spoken = weight.groupby(part["language"]).sum().reindex(languages, fill_value=0.0).to_numpy() / weight.sum()
    n = part["feedback_id"].nunique()
    found: dict[str, float] = {"n": n, "statement_count": len(part)}
    shares = _draw_shares(told, n / _effect(part, weight), np.einsum("l,dlta->dta", spoken, drawn), chance)
    ends = np.quantile(shares, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    silent = told[3] > _TOO_SILENT
    for place, tone in enumerate(ANSWERS[:3]):
        numbers = (shares[:, place].mean(), *ends[:, place]) if not silent else (float("nan"),) * 3
        found |= {f"{tone}_share{end}": number for end, number in zip(("", "_low", "_high"), numbers, strict=True)}
    return {**found, "told_negative_share": told[0], "abstained_share": told[3]}


def _effect(part: pd.DataFrame, weight: pd.Series) -> float:
    """Return the larger of the design effects of what is told as negative and as positive, comments being the units."""
    comments = part["feedback_id"].drop_duplicates()
    clusters = part.drop_duplicates("feedback_id").set_index("feedback_id")["cluster"]
    values = [(part["word"].eq(word) * weight).groupby(part["feedback_id"]).sum().loc[comments]
              for word in ("negative", "positive")]
    return max(design_effect(value, clusters)[0] for value in values)


def _draw_shares(told: np.ndarray, worth: float, errors: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return draws of the three tones' shares: who gave which answer is drawn given shares, and shares given that.

    ``told`` are the four answers' shares, ``worth`` how many comments they stand for, ``errors`` one table a draw.
    """
    counts = np.floor(told * worth + chance.random((len(errors), 4))).astype(int)
    shares = np.full((len(errors), 3), 1 / 3)
    for _ in range(_STEPS):
        joint = shares[:, None, :] * np.swapaxes(errors, 1, 2)
        tones = chance.multinomial(counts, joint / joint.sum(axis=2, keepdims=True)).sum(axis=1)
        gamma = chance.standard_gamma(tones + _PRIOR)
        shares = gamma / gamma.sum(axis=1, keepdims=True)
    return shares
