"""Mix and within: how much of a change is other people answering, and how much the same people answering otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.clusters import cluster_of, design_effects
from workbench.insights.measures import MEASURES, score_values
from workbench.insights.multiplicity import ALPHA, adjust

_DRAWS, _FEWEST = 4000, 20
_ENOUGH = 5  # answers of a group, to tell their spread from them alone
_BLOCK = 4_000_000  # numbers drawn at a time: a thousand groups' draws at once
COLUMNS = ["measure", "dimension", "split_on", "n_before", "n_after", "score_before", "score_after", "change",
           "change_low", "change_high", "mix", "mix_low", "mix_high", "within", "within_low", "within_high",
           "mix_p", "within_p", "verdict"]


def part_change(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    """Return the change of a mean as the sum of ``mix`` (shares of groups shifted) and ``within`` (groups changed).

    Source: Kitagawa (1955), Components of a Difference Between Two Rates.

    Parameters
    ----------
    before, after
        ``group`` and ``value``, one row an answer. A group that is missing on one side is taken to score there as it
        does on the other, so that its coming or going counts as mix.

    Examples
    --------
    Both groups got better, and the mean fell, because more of the group that is harder to please answered:

    >>> before = pd.DataFrame({"group": ["old"] * 8 + ["new"] * 2, "value": [0.8] * 8 + [0.2] * 2})
    >>> after = pd.DataFrame({"group": ["old"] * 2 + ["new"] * 8, "value": [0.9] * 2 + [0.3] * 8})
    >>> {name: round(value, 2) for name, value in part_change(before, after).items()}
    {'change': -0.26, 'mix': -0.36, 'within': 0.1}
    """
    check_tables(before=before, after=after)
    return _part(_cells(before, after))


def _part(cells: pd.DataFrame) -> dict[str, float]:
    mix, within = _parts(*(cells[name].to_numpy()[None, :] for name in ("share_0", "share_1", "mean_0", "mean_1")))
    return {"change": float(mix[0] + within[0]), "mix": float(mix[0]), "within": float(within[0])}


def _cells(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return each group's share, mean and standard error on either side, over those `whose` the answers are."""
    sides = []
    for number, side in enumerate((before, after)):
        groups = side.groupby("group")["value"]
        grouped = groups.agg(["size", "mean", "var"])
        pooled = float(side["value"].var(ddof=1)) if len(side) > 1 else 0.0
        whose = pd.factorize(side["whose"])[0] if "whose" in side else np.arange(len(side))
        effect, in_all = (design_effects(side["value"].to_numpy(dtype=float), places, whose)[0]
                          for places in (groups.ngroup().to_numpy(), np.zeros(len(side), dtype=int)))
        spread = (effect * grouped["var"]).where(grouped["size"] >= _ENOUGH, pooled * in_all[:1].sum()).fillna(pooled)
        sides.append(pd.DataFrame({f"n_{number}": grouped["size"], f"share_{number}": grouped["size"] / len(side),
                                   f"mean_{number}": grouped["mean"],
                                   f"error_{number}": (spread / grouped["size"]) ** 0.5}))
    cells = sides[0].join(sides[1], how="outer").sort_index()
    for number, other in ((0, 1), (1, 0)):
        cells[f"mean_{number}"] = cells[f"mean_{number}"].fillna(cells[f"mean_{other}"])
    return cells.fillna(0.0)


def _worth(side: pd.DataFrame) -> int:
    """Return how many answers of people of their own tell as much of the groups' shares as these do.

    Source: Rao and Scott (1981), the mean of the design effects of a table's shares.
    """
    group, whose = pd.factorize(side["group"])[0], pd.factorize(side["whose"])[0]
    n, people = len(side), np.bincount(whose)
    share, together = np.bincount(group) / n, pd.Series(0, index=side.index).groupby([group, whose]).size()
    cells, (groups, clusters) = together.to_numpy(), (together.index.get_level_values(level) for level in (0, 1))
    even = (share**2).sum()
    spread = (1 - even) / n
    if len(people) in (1, n) or spread <= 0:
        return n
    squares = (cells**2).sum() - 2 * (cells * people[clusters] * share[groups]).sum() + (people**2).sum() * even
    effect = len(people) / (len(people) - 1) * squares / n**2 / spread
    return max(1, round(n / max(1.0, effect)))


def _parts(share_0: np.ndarray, share_1: np.ndarray, mean_0: np.ndarray, mean_1: np.ndarray
           ) -> tuple[np.ndarray, np.ndarray]:
    mix = ((share_1 - share_0) * (mean_0 + mean_1) / 2).sum(axis=1)
    within = ((mean_1 - mean_0) * (share_0 + share_1) / 2).sum(axis=1)
    return mix, within


def explain_change(comments: pd.DataFrame, dimensions: tuple[str, ...] = ("market", "language", "segment", "channel",
                                                                        "source"),
                   confidence: float = 0.95, seed: int = 0, split_on: pd.Timestamp | None = None
                   ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each score's change from the first half of the time to the second, parted into mix and within.

    Intervals come from 4,000 draws: shares of groups as multinomial counts, means of groups as normal with their
    standard errors, both over accounts or customers. One with answers in both halves counts in each by itself, which
    makes intervals rather too wide. The p-values of mix and within are told by the same draws, and adjusted over both
    of all measures and dimensions together (Benjamini and Hochberg 1995).

    Parameters
    ----------
    comments
        The counted comments, with ``created_at`` and scores; ``customer_id`` and ``account_id`` where known.
    split_on
        The first day of the second half; the middle of the answers of each measure by default.

    Returns
    -------
    pandas.DataFrame
        A row a measure and dimension with `COLUMNS`; ``verdict``: "mix_hides" (mix and within go opposite ways, both
        beyond chance), "mostly_mix" (mix beyond chance, within not), "mostly_within", "both" or "no_change". Beyond
        chance is an adjusted p-value (``mix_p``, ``within_p``) below 0.05.
    pandas.DataFrame
        ``measure, reason``: "no_dates", "no_scores", "one_value", "too_few_answers" (fewer than twenty a half) or
        "one_group" (no dimension has two values).

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", periods=80)
    >>> comments = pd.DataFrame({"created_at": days, "market": ["DE"] * 40 + ["IR"] * 40,
    ...     "nps": [10, 8] * 20 + [2] * 40})
    >>> table, reasons = explain_change(comments, ("market",))
    >>> table[["measure", "change", "within", "verdict"]].values.tolist(), len(reasons)
    ([['nps', -150.0, 0.0, 'mostly_mix']], 2)
    """
    check_tables(comments=comments)
    rows, reasons = [], []
    for measure in MEASURES:
        scored = comments.assign(value=score_values(comments, measure))
        scored = scored[scored["value"].notna() & _dated(scored)]
        reason = _reason(comments, scored, measure)
        if reason is not None:
            reasons.append((measure, reason))
            continue
        middle = scored["created_at"].sort_values().iloc[len(scored) // 2]
        day = pd.Timestamp(middle if split_on is None else split_on).normalize()
        is_after = (scored["created_at"] >= day).to_numpy()
        if min(is_after.sum(), (~is_after).sum()) < _FEWEST:
            reasons.append((measure, "too_few_answers"))
            continue
        parted = [name for name in dimensions if name in scored and scored[name].nunique() > 1]
        answers = scored[["value"]].assign(whose=pd.factorize(cluster_of(scored))[0])
        for name in parted:
            told = answers.assign(group=pd.factorize(scored[name].fillna("").astype(str), sort=True)[0])
            rows.append((measure, name, day, *_explained(told[~is_after], told[is_after], confidence, seed)))
        reasons += [] if parted else [(measure, "one_group")]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    chances = adjust(pd.concat([table["mix_p"], table["within_p"]], ignore_index=True)).to_numpy()
    table["mix_p"], table["within_p"] = chances[: len(table)], chances[len(table) :]
    table["verdict"] = [_verdict(*row) for row in table[["mix", "mix_p", "within", "within_p"]].itertuples(index=False)]
    return table, pd.DataFrame(reasons, columns=["measure", "reason"])


def _dated(scored: pd.DataFrame) -> pd.Series:
    return scored["created_at"].notna() if "created_at" in scored else pd.Series(False, index=scored.index)


def _reason(comments: pd.DataFrame, scored: pd.DataFrame, measure: str) -> str | None:
    if not score_values(comments, measure).notna().any():
        return "no_scores"
    if not len(scored):
        return "no_dates"
    if scored["value"].nunique() < 2:
        return "one_value"
    return "too_few_answers" if len(scored) < 2 * _FEWEST else None


def _explained(before: pd.DataFrame, after: pd.DataFrame, confidence: float, seed: int) -> tuple[object, ...]:
    cells, generator = _cells(before, after), np.random.default_rng(seed)
    told, worths, rows = _part(cells), [_worth(side) for side in (before, after)], max(1, _BLOCK // len(cells))
    blocks = [_drawn(cells, worths, generator, min(rows, _DRAWS - first)) for first in range(0, _DRAWS, rows)]
    mix, within = (np.concatenate(part) for part in zip(*blocks, strict=True))
    ends = {name: np.quantile(drawn, [0.5 - confidence / 2, 0.5 + confidence / 2])
            for name, drawn in (("change", mix + within), ("mix", mix), ("within", within))}
    values = [value for name in ("change", "mix", "within") for value in (told[name], *map(float, ends[name]))]
    return (len(before), len(after), float(before["value"].mean()), float(after["value"].mean()), *values,
            _chance(mix), _chance(within))


def _chance(drawn: np.ndarray) -> float:
    """Return the p-value of no difference: how seldom draws are on the other side of it, or on it."""
    return min(1.0, 2 * (1 + min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))) / (1 + len(drawn)))


def _drawn(cells: pd.DataFrame, worths: list[int], generator: np.random.Generator, rows: int
           ) -> tuple[np.ndarray, np.ndarray]:
    shares = [generator.multinomial(worth, cells[f"share_{i}"] / cells[f"share_{i}"].sum(), rows) / worth
              for i, worth in enumerate(worths)]
    means = [generator.normal(cells[f"mean_{i}"], cells[f"error_{i}"], (rows, len(cells))) for i in (0, 1)]
    return _parts(shares[0], shares[1], means[0], means[1])


def _verdict(mix: float, mix_p: float, within: float, within_p: float) -> str:
    if mix_p < ALPHA and within_p < ALPHA:
        return "mix_hides" if mix * within < 0 else "both"
    if mix_p < ALPHA:
        return "mostly_mix"
    return "mostly_within" if within_p < ALPHA else "no_change"
