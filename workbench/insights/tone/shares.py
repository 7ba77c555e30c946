"""Shares of tone that carry the error of the model, and not only that of the sample.

A model that takes one neutral statement in ten for a negative one finds negative statements where there are none.
Shares are therefore corrected by what the model did on held-out texts: the question of Rogan and Gladen (1978), for
three tones and four answers, and answered by drawing from the posterior (a Gibbs sampler, as Joseph, Gyorkos and Coupal
1995), so that no share leaves 0 to 1. Each draw has an error of its own, and the sample counts for as many comments as
its customers make it worth.

On other texts the model errs otherwise than on those that were held out, and in all languages at once. So an error is
what the held-out texts of a language leave open (a Dirichlet posterior), times a change that all languages share, so
wide that intervals held what was known of four labelled sets (`make bench-tone`). Of such errors those are kept more
often that can have led to the answers: no model that calls every fourth praise negative tells a tenth of all as
negative (sampling and resampling by weight: Rubin 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
import pandas as pd

from workbench.insights.clusters import design_effects_in_turn

COLUMNS: Final = ["dimension", "value", "n", "statement_count", *(
    f"{tone}_share{end}" for tone in ("negative", "neutral", "positive") for end in ("", "_low", "_high")
), "told_negative_share", "abstained_share"]
ANSWERS: Final = ("negative", "neutral", "positive", "uncertain")
_SHARES: Final = ["p_negative", "p_neutral", "p_positive"]
_TABLES, _DRAWS, _STEPS, _STEPS_BEFORE = 1200, 400, 15, 12
_PRIOR: Final = 0.5  # Jeffreys
_TOO_SILENT: Final = 0.9  # abstained from: nothing is known then
_BORROWED: Final = 100.0  # texts of each tone, of all languages, that tell of each language beside its own
TRANSFER: Final = 15.0
_JUDGED: Final = 400.0  # comments that judge a table of errors at most, or only a few tables would be left
_SURE_ENOUGH = 0.5
_TINY: Final = 1e-9  # no answer is impossible


def share_tones(tone: pd.DataFrame, cells: pd.DataFrame, clusters: pd.Series, held_out: pd.DataFrame, *,
                seed: int = 0, confidence: float = 0.95, minimum: int = 1, transfer: float = TRANSFER
                ) -> pd.DataFrame:
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
        Of the draws, and of the intervals. Each cell draws for itself, so that no other cell changes its shares.
    minimum
        Comments that a cell is told of with; for smaller ones nothing is drawn.
    transfer
        Texts of each tone, from among the study's own, that would tell as much of the model's error there as all
        held-out texts do; infinite where these are such texts.

    Returns
    -------
    pandas.DataFrame
        ``dimension, value, n`` (comments), ``statement_count``, for each tone its share with ``_low`` and ``_high``,
        ``told_negative_share`` (as the model tells, without correction) and ``abstained_share``. Shares are means of
        the draws, and empty where the model abstains from more than nine tenths, or a cell has too few comments.

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
    languages = sorted(cells["language"].unique())
    drawn = _draw_errors(held_out, languages, transfer, np.random.default_rng(seed))
    said = cells.merge(tone[["statement_id", "word"]], on="statement_id")
    names, parts = _parts(said, clusters, languages)
    rows = []
    for (dimension, value), part, effect in zip(names, parts, _effects(parts), strict=True):
        is_told = part.n >= minimum and not part.is_silent
        shares = part.draw(effect, drawn, _chance_of(seed, dimension, value)) if is_told else None
        rows.append({"dimension": dimension, "value": value, **part.tell(shares, confidence)})
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
    everywhere, known = _rates(_count(held_out)), held_out["language"].to_numpy()
    silent = np.array([[0.01, 0.01, 0.01, 100.0]] * 3)
    return np.stack([_count(held_out[known == language]) + _BORROWED * everywhere if (known == language).any()
                     else silent for language in languages])


def _count(held_out: pd.DataFrame) -> np.ndarray:
    """Return how often each tone got each answer, shape (3, 4)."""
    shares = held_out[_SHARES].to_numpy()
    answer = np.where(shares.max(axis=1) >= _SURE_ENOUGH, shares.argmax(axis=1), 3)
    counts = np.zeros((3, 4))
    np.add.at(counts, (held_out["tone"].to_numpy() + 1, answer), held_out["weight"].to_numpy())
    return counts


def _rates(counts: np.ndarray) -> np.ndarray:
    """Return how likely each answer is for each tone; none is impossible."""
    rates: np.ndarray = (counts + _PRIOR) / (counts + _PRIOR).sum(axis=1, keepdims=True)
    return rates


def _chance_of(seed: int, dimension: str, value: str) -> np.random.Generator:
    """Return the chance of a cell, which is its own."""
    return np.random.default_rng([seed, crc32(f"{dimension}\x1f{value}".encode("utf-8", "surrogatepass"))])


def _draw_errors(held_out: pd.DataFrame, languages: list[str], transfer: float, chance: np.random.Generator
                 ) -> np.ndarray:
    """Return draws of each language's error, shape (tables, languages, 3, 4)."""
    counts, everywhere = count_answers(held_out, languages), _rates(_count(held_out))
    own = _dirichlet(np.broadcast_to(counts, (_TABLES, *counts.shape)), chance)
    if np.isinf(transfer):
        return own
    there = _dirichlet(np.broadcast_to(transfer * everywhere, (_TABLES, *everywhere.shape)), chance)
    errors = own * (there / everywhere)[:, None]
    return errors / errors.sum(axis=3, keepdims=True)


def _dirichlet(worth: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    drawn = np.maximum(chance.standard_gamma(worth), _TINY)
    shares: np.ndarray = drawn / drawn.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True)
class _Part:
    """One cell, in numbers: of each statement its comment (from 0), whom that is from, its language, its answer."""

    comments: np.ndarray
    clusters: np.ndarray
    languages: np.ndarray
    answers: np.ndarray
    language_count: int

    @cached_property
    def weights(self) -> np.ndarray:
        """Each statement's part of its comment."""
        weights: np.ndarray = 1.0 / np.bincount(self.comments)[self.comments]
        return weights

    @cached_property
    def told(self) -> np.ndarray:
        """The share of each answer."""
        told: np.ndarray = np.bincount(self.answers, self.weights, minlength=4) / self.weights.sum()
        return told

    @property
    def is_silent(self) -> bool:
        """Whether too much is abstained from."""
        return bool(self.told[3] > _TOO_SILENT)

    @property
    def is_alike(self) -> bool:
        """Whether all comments are told as equally negative, and equally positive."""
        return all(np.ptp(self.told_as(word)) == 0 for word in ("negative", "positive"))

    @property
    def n(self) -> int:
        """How many comments there are."""
        return int(self.comments.max()) + 1

    @property
    def owners(self) -> np.ndarray:
        """Whom each comment is from."""
        owners: np.ndarray = self.clusters[np.unique(self.comments, return_index=True)[1]]
        return owners

    def told_as(self, word: str) -> np.ndarray:
        """Return the part of each comment that is told as a tone."""
        told: np.ndarray = np.bincount(self.comments, self.weights * (self.answers == ANSWERS.index(word)))
        return told

    def draw(self, effect: float, drawn: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Return draws of the three tones' shares, given the design effect and draws of each language's error."""
        spoken = np.bincount(self.languages, self.weights, minlength=self.language_count) / self.weights.sum()
        return _draw_shares(self.told, self.n / effect, np.einsum("l,dlta->dta", spoken, drawn), chance)

    def tell(self, shares: np.ndarray | None, confidence: float) -> dict[str, float]:
        """Return the row of the cell; without shares where nothing is drawn."""
        numbers = np.full((3, 3), np.nan)
        if shares is not None:
            ends = np.quantile(shares, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
            numbers = np.array([[column.mean() for column in shares.T], *ends])
        found: dict[str, float] = {"n": self.n, "statement_count": len(self.comments)}
        for place, tone in enumerate(ANSWERS[:3]):
            found |= {f"{tone}_share{end}": number
                      for end, number in zip(("", "_low", "_high"), numbers[:, place], strict=True)}
        return {**found, "told_negative_share": self.told[0], "abstained_share": self.told[3]}


def _parts(said: pd.DataFrame, clusters: pd.Series, languages: list[str]) -> tuple[pd.Index, list[_Part]]:
    """Return the cells' names in order, and the statements of each."""
    known = [pd.factorize(said["feedback_id"])[0], pd.factorize(said["feedback_id"].map(clusters), sort=True)[0],
             pd.Index(languages).get_indexer(pd.Index(said["language"])),
             pd.Index(ANSWERS).get_indexer(pd.Index(said["word"]))]
    grouped = said.groupby(["dimension", "value"], sort=True)
    places, names = grouped.ngroup().to_numpy(), grouped.size().index
    order = np.argsort(places, kind="stable")
    ends = np.searchsorted(places[order], np.arange(len(names) + 1))
    parts = []
    for first, last in pairwise(ends):
        comments, whose, spoken, answers = (numbers[order[first:last]] for numbers in known)
        parts.append(_Part(pd.factorize(comments)[0], whose, spoken, answers, len(languages)))
    return names, parts


def _effects(parts: list[_Part]) -> list[float]:
    """Return of each cell the larger of the design effects of what is told as negative and as positive, by comment.

    Where neither differs among comments, no effect can be seen, and comments count for as many as wrote them.
    """
    if not parts:
        return []
    whose, ends = np.concatenate([part.owners for part in parts]), np.cumsum([part.n for part in parts])
    each = [design_effects_in_turn(np.concatenate([part.told_as(word) for part in parts]), whose, ends)
            for word in ("negative", "positive")]
    return [part.n / one[1] if part.is_alike else max(one[0], other[0])
            for part, one, other in zip(parts, *each, strict=True)]


def _draw_shares(told: np.ndarray, worth: float, errors: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return draws of the three tones' shares: who gave which answer is drawn given shares, and shares given that.

    ``told`` are the four answers' shares, ``worth`` how many comments they stand for, ``errors`` the tables drawn on.
    """
    shares = _likeliest(told, errors)  # from where few draws forget where they began
    kept = _keep_fitting(told, worth, np.einsum("dt,dta->da", shares, errors), chance)
    shares, answered = shares[kept], np.swapaxes(errors[kept], 1, 2)
    counts = np.floor(told * worth + chance.random((len(kept), 4))).astype(int)
    for _ in range(_STEPS):
        tones = np.einsum("dat->dt", chance.multinomial(counts, _as_shares(shares[:, None, :] * answered)))
        shares = _as_shares(chance.standard_gamma(tones + _PRIOR))
    return shares


def _keep_fitting(told: np.ndarray, worth: float, expected: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return which tables of errors are drawn on, each as often as it makes the answers likely.

    ``expected`` are the answers' shares that each table leads to at best, shape (tables, 4).
    """
    likely = np.log(np.maximum(expected, _TINY)) @ told * min(worth, _JUDGED)
    ends = np.cumsum(np.exp(likely - likely.max()))
    wanted = (chance.random() + np.arange(_DRAWS)) / _DRAWS * ends[-1]
    kept: np.ndarray = np.minimum(np.searchsorted(ends, wanted), len(ends) - 1)
    return kept


def _as_shares(three: np.ndarray) -> np.ndarray:
    """Return numbers of three tones as shares of their sum; NumPy's own sum is slow over an axis of three."""
    shares: np.ndarray = three / (three[..., 0] + three[..., 1] + three[..., 2])[..., None]
    return shares


def _likeliest(told: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return about the shares under which each table of errors makes these answers likeliest.

    Source: Dempster, Laird and Rubin (1977), Maximum Likelihood from Incomplete Data via the EM Algorithm.
    """
    shares, answered = np.full((len(errors), 3), 1 / 3), np.swapaxes(errors, 1, 2)
    for _ in range(_STEPS_BEFORE):
        shares = np.einsum("a,dat->dt", told, _as_shares(shares[:, None, :] * answered))
    return shares
