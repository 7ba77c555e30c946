"""Change points: when a theme's share rose or fell for good; and how many changes pure chance would show here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.incidence import membership
from workbench.insights.searches import Dealt, count_periods, sharpest
from workbench.insights.trends import _FREQUENCY, in_main_span
from workbench.themes import share_interval

_WORLDS, _ALPHA = 200, 0.05
_EMERGED = 0.25  # of the later share: less than that before, and a theme is called new
COLUMNS = ["theme_id", "kind", "changed_in", "comment_count_before", "base_before", "share_before", "share_before_low",
           "share_before_high", "comment_count_after", "base_after", "share_after", "share_after_low",
           "share_after_high", "p_value"]
_AT_ONCE = 5_000_000  # counts of themes in periods of shuffled worlds that are held at a time


def find_changes(shares: pd.DataFrame, seed: int = 0, confidence: float = 0.95, dealt: Dealt | None = None,
                 voices: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return, for each theme, the period from which its share was different, and how surprising that is.

    Every split of the periods into before and after is compared by its likelihood ratio. The p-value is the share of
    up to 1,999 shuffles (see `chance_of`) of the same comments over the same periods whose best split is at least as
    sharp, adjusted over themes (Benjamini and Hochberg). Shares are of the comments of the same periods, so that a busy
    month is no change; periods without comments count for nothing.

    Source: James, James and Siegmund (1987), Tests for a change-point.

    Parameters
    ----------
    shares
        As `share_by_period` returns them.
    dealt
        Shuffles of this seed, where they serve several searches.
    voices
        The same shares of `one_voice_a_period`, in which changes are looked for, as for `find_stretches`.

    Returns
    -------
    pandas.DataFrame
        A row a theme with `COLUMNS` and ``p_adjusted``; ``kind`` is "emerged" (before, less than a quarter of the
        share after), "vanished" (the reverse), "rise" or "fall". Empty for fewer than three periods.

    Examples
    --------
    >>> periods = pd.date_range("2026-01-01", periods=6, freq="MS")
    >>> shares = pd.DataFrame({"theme_id": 0, "period": periods, "comment_count": [1, 0, 1, 9, 12, 10], "base": 50})
    >>> change = find_changes(shares).iloc[0]
    >>> change["kind"], change["changed_in"].month, bool(change["p_adjusted"] < 0.01)
    ('emerged', 4, True)
    """
    check_tables(shares=shares)
    from scipy.stats import false_discovery_control

    table = _changes(shares, shares if voices is None else voices, dealt or Dealt(seed))
    for side in ("before", "after"):
        count, base = table[f"comment_count_{side}"], table[f"base_{side}"]
        table[f"share_{side}"] = count / base.where(base > 0)
        table[f"share_{side}_low"], table[f"share_{side}_high"] = share_interval(count, base, confidence)
    table["kind"] = [_kind(*pair) for pair in zip(table["share_before"], table["share_after"], strict=True)]
    table = table[COLUMNS]
    table["p_adjusted"] = false_discovery_control(table["p_value"]) if len(table) else pd.Series(dtype=float)
    return table


def _changes(shares: pd.DataFrame, voices: pd.DataFrame, dealt: Dealt) -> pd.DataFrame:
    themes, periods, counts, bases = count_periods(voices)
    if not len(themes):
        return pd.DataFrame(columns=["theme_id", "changed_in", "comment_count_before", "base_before",
                                     "comment_count_after", "base_after", "p_value"])
    surprise, place = sharpest("change", counts, bases)
    before = np.arange(len(periods)) < place[:, None]
    chances = [dealt.chance("change", total, bases, best)
               for total, best in zip(counts.sum(axis=1).tolist(), surprise, strict=True)]
    _, _, counts, bases = count_periods(shares)
    totals = counts.sum(axis=1)
    own, base = (counts * before).sum(axis=1), before @ bases
    return pd.DataFrame({
        "theme_id": themes, "changed_in": periods[place], "comment_count_before": own, "base_before": base,
        "comment_count_after": totals - own, "base_after": bases.sum() - base, "p_value": chances})


def _kind(before: float, after: float) -> str:
    if after > before:
        return "emerged" if before < _EMERGED * after else "rise"
    return "vanished" if after < _EMERGED * before else "fall"


def measure_false_alarms(comments: pd.DataFrame, members: pd.DataFrame, shares: pd.DataFrame, period: str = "month",
                         seed: int = 0, worlds: int = _WORLDS, *, confidence: float = 0.95,
                         dealt: Dealt | None = None) -> pd.DataFrame:
    """Return how often stretches and change points are found in these very comments when their dates are shuffled.

    In each world the dates are dealt out anew among the dated comments; themes, and which of them go together, stay.
    Comments, members and shares are those of `one_voice_a_period` where customers may write more than once. Everything
    found there is a false alarm. Themes are searched and adjusted just as in the real data; the chances that each
    theme's p-value is read from are drawn once, since shuffling does not change them.

    Returns
    -------
    pandas.DataFrame
        ``search`` ("stretch" or "change"), ``worlds``, ``worlds_with_findings``, its share with ``_low`` and
        ``_high`` (Wilson), and ``findings``, all false findings together. Empty where nothing can be searched.

    Examples
    --------
    >>> from workbench.insights import share_by_period
    >>> comments = pd.DataFrame({"feedback_id": [f"{i}" for i in range(90)],
    ...     "created_at": pd.date_range("2026-01-01", periods=90)})
    >>> members = pd.DataFrame({"feedback_id": [f"{i}" for i in range(0, 90, 3)], "theme_id": 0})
    >>> shares = share_by_period(comments, members, "week")
    >>> alarms = measure_false_alarms(comments, members, shares, "week", worlds=50)
    >>> alarms["search"].tolist(), bool((alarms["worlds_with_findings"] <= 8).all())
    (['stretch', 'change'], True)
    """
    check_tables(comments=comments, members=members, shares=shares)
    columns = ["search", "worlds", "worlds_with_findings", "world_share", "world_share_low", "world_share_high",
               "findings"]
    if not len(shares) or shares["period"].nunique() < 3:
        return pd.DataFrame(columns=columns)
    when, rows, themes = _placed(comments, members, shares, period)
    bases = np.bincount(when, minlength=shares["period"].nunique())
    dealt, totals = dealt or Dealt(seed), _counted(rows, themes, when, len(bases)).sum(axis=1)
    observed = _worlds(rows, themes, when, bases, np.random.default_rng([seed, 1]), worlds)
    found = {name: _false_findings(values, [np.sort(dealt.sharpest(name, int(total), bases)) for total in totals])
             for name, values in observed.items()}
    table = pd.DataFrame({"search": list(found), "worlds": worlds,
                          "worlds_with_findings": [int((one > 0).sum()) for one in found.values()]})
    table["world_share"] = table["worlds_with_findings"] / worlds
    table["world_share_low"], table["world_share_high"] = share_interval(table["worlds_with_findings"], worlds,
                                                                           confidence)
    table["findings"] = [int(one.sum()) for one in found.values()]
    return table[columns]


def _placed(comments: pd.DataFrame, members: pd.DataFrame, shares: pd.DataFrame, period: str
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the number of each dated comment's period; and comments with a theme of `shares` that each speaks of."""
    dated = comments[comments["created_at"].notna()].sort_values("feedback_id")
    when = dated["created_at"].dt.to_period(_FREQUENCY[period])
    kept = in_main_span(when)
    ids, places = dated.loc[kept, "feedback_id"], pd.PeriodIndex(when[kept]).asi8
    heard = shares.loc[shares["comment_count"] > 0, "theme_id"]
    entries = membership(ids, members[members["theme_id"].isin(heard)])[1].tocoo()
    return places - places.min(), entries.row, entries.col


def _counted(rows: np.ndarray, themes: np.ndarray, when: np.ndarray, periods: int) -> np.ndarray:
    """Return how many comments of each theme fall into each period."""
    places = themes.astype(np.int64) * periods + when[rows]
    return np.bincount(places, minlength=(int(themes.max()) + 1) * periods).reshape(-1, periods)


def _worlds(rows: np.ndarray, themes: np.ndarray, when: np.ndarray, bases: np.ndarray, generator: np.random.Generator,
            worlds: int) -> dict[str, np.ndarray]:
    """Return what each search finds in each world, a row, of each theme, a column, when dates are dealt out anew."""
    number = int(themes.max()) + 1
    found = {name: np.zeros((worlds, number)) for name in ("stretch", "change")}
    some = max(1, _AT_ONCE // (number * len(bases)))
    for first in range(0, worlds, some):
        counts = np.array([_counted(rows, themes, generator.permutation(when), len(bases))
                           for _ in range(min(some, worlds - first))])
        for name, values in found.items():
            for theme in range(number):
                values[first : first + some, theme] = sharpest(name, counts[:, theme], bases)[0]
    return found


def _false_findings(observed: np.ndarray, chances: list[np.ndarray]) -> np.ndarray:
    """Return how many themes are found in each world, whose p-values are read from chances in ascending order."""
    from scipy.stats import false_discovery_control

    p = np.column_stack([(1 + len(null) - np.searchsorted(null, values - 1e-9)) / (1 + len(null))
                         for values, null in zip(observed.T, chances, strict=True)])
    return np.asarray((false_discovery_control(p, axis=1) < _ALPHA).sum(axis=1))
