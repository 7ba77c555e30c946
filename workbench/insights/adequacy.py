"""Is this voice enough to decide this? A verdict on a decision question, with reasons, and what to collect next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import is_among
from workbench.insights.clusters import cluster_of
from workbench.insights.sampling import estimate_saturation, needed_comments, reached_precision
from workbench.themes import likeness, share_effects, share_interval

VERDICTS = ("inadequate", "directional", "adequate")
CHECKS = ("cells", "proxies", "question", "saturation", "gaps", "coverage")
_PROXIES, _MOST_PROXIES = 0.10, 0.50
_FIT, _LEAST_FIT = 0.50, 0.10
_HEARD = 0.90
_ONE_CHANNEL = 0.80


@dataclass(frozen=True)
class Adequacy:
    """``verdicts`` (a row a decision), ``checks`` (a row a decision and check), ``cells`` and ``collect``."""

    verdicts: pd.DataFrame
    checks: pd.DataFrame
    cells: pd.DataFrame
    collect: pd.DataFrame


def judge_adequacy(decisions: Sequence[Mapping[str, Any]], everybody: pd.DataFrame, members: pd.DataFrame,
                   cells: pd.DataFrame, gaps: pd.DataFrame, confidence: float = 0.95) -> Adequacy:
    """Return, for each decision, whether the voice that was collected is enough for it.

    A decision is **adequate** when every check is, **inadequate** when one of them is, and **directional** between:
    the voice shows a direction, not a size. With everything else the same, more comments by other people never make it
    worse.

    * ``cells``: each cell asked for (a market, a stage, ...) has the comments that the precision needs; a quarter of
      them, which gives half the precision (less, of a population that is known), is directional; fewer are inadequate.
      Comments of people who wrote several are worth as many of other people each as tell as much of a theme's share.
    * ``proxies``: comments by people who speak for customers, of all that say something: above 10 % directional,
      above 50 % inadequate.
    * ``question``: counted comments whose ``collected_for`` or ``question`` is one that the decision names: below
      half directional, below a tenth inadequate.
    * ``saturation``: the chance that the next thing that somebody else says is a theme that was heard in the same cell
      before (by Good and Turing, of people, times the share of what was said there that has a theme: few comments never
      make a theme, so that themes alone would always seem complete): below 90 % in the least heard of the cells asked
      for (or in all, if none is) directional.
    * ``gaps``: collection paused, in everything or in a cell asked for: directional.
    * ``coverage``: four in five comments or more from one channel: directional.

    Parameters
    ----------
    decisions
        Mappings with ``name``; ``cells`` (a dimension and its values), ``precision`` (0.05), ``purpose`` (fitting
        values of ``collected_for`` or ``question``), ``population`` (customers, where known).
    everybody
        Every comment with ``is_counted``, ``says_nothing``, ``speaks_for_customers`` and the columns to cut by;
        verdicts and intervals allow for who wrote several where there is a ``customer_id`` or an ``account_id``.
    members
        ``feedback_id, theme_id`` of the counted comments.
    cells
        ``feedback_id, dimension, value``: the cells that each counted comment is in.
    gaps
        As `find_gaps` returns them.

    Returns
    -------
    Adequacy
        ``verdicts``: ``decision, verdict, n``. ``checks``: ``decision, check, verdict, reason, value, limit``;
        reasons are fixed words. ``cells``: ``decision, dimension, value, n, worth`` (comments of other people each that
        would tell as much), ``needed`` (of these), ``precision, verdict`` with the share's interval. ``collect``:
        ``decision, dimension, value, ask, n, missing``: what to ask, how many fitting comments there are, and how many
        more it takes of people who have not written yet.

    Notes
    -----
    What comments are worth is Kish's effective size, the likeness of comments of one person told of all themes
    together (`workbench.themes.likeness`).

    Examples
    --------
    >>> people = pd.DataFrame({"feedback_id": [f"{i}" for i in range(400)], "is_counted": True, "says_nothing": False,
    ...     "speaks_for_customers": False, "market": ["DE"] * 390 + ["JO"] * 10})
    >>> cells = people.assign(dimension="market", value=people["market"])[["feedback_id", "dimension", "value"]]
    >>> question = {"name": "Courier", "cells": {"market": ["DE", "JO"]}, "precision": 0.05}
    >>> nobody = pd.DataFrame({"feedback_id": [], "theme_id": []})
    >>> found = judge_adequacy([question], people, nobody, cells, pd.DataFrame())
    >>> found.verdicts.values.tolist()
    [['Courier', 'inadequate', 400]]
    >>> found.cells[["value", "n", "needed", "verdict"]].values.tolist()
    [['DE', 390, 385, 'adequate'], ['JO', 10, 385, 'inadequate']]
    >>> found.collect[["value", "missing"]].values.tolist()
    [['JO', 375]]
    """
    check_tables(everybody=everybody, members=members, cells=cells, gaps=gaps)
    judged = [_judge(decision, everybody, members, cells, gaps, confidence) for decision in decisions]
    columns = {
        "verdicts": ["decision", "verdict", "n"],
        "checks": ["decision", "check", "verdict", "reason", "value", "limit"],
        "cells": ["decision", "dimension", "value", "n", "worth", "needed", "precision", "comment_share",
                  "comment_share_low", "comment_share_high", "verdict"],
        "collect": ["decision", "dimension", "value", "ask", "n", "missing"],
    }
    return Adequacy(**{name: _stacked([one[name] for one in judged], own) for name, own in columns.items()})


def _stacked(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    kept = [table for table in tables if len(table)]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def _judge(decision: Mapping[str, Any], everybody: pd.DataFrame, members: pd.DataFrame, cells: pd.DataFrame,
           gaps: pd.DataFrame, confidence: float) -> dict[str, pd.DataFrame]:
    counted = everybody[everybody["is_counted"]]
    asked = _asked(decision, counted, members, cells, confidence)
    checks = [_check_cells(asked, len(counted)), _check_proxies(everybody), _check_question(decision, counted),
              _check_saturation(asked, counted, members, cells), _check_gaps(asked, gaps, everybody),
              _check_coverage(counted)]
    table = pd.DataFrame([(name, *check) for name, check in zip(CHECKS, checks, strict=True)],
                         columns=["check", "verdict", "reason", "value", "limit"])
    name = str(decision["name"])
    stated = table["verdict"].isin(VERDICTS)
    worst = VERDICTS[min((VERDICTS.index(word) for word in table.loc[stated, "verdict"]), default=0)]
    verdicts = pd.DataFrame({"verdict": [worst], "n": [len(counted)]})
    return {"verdicts": verdicts.assign(decision=name), "checks": table.assign(decision=name),
            "cells": asked.assign(decision=name), "collect": _collect(decision, asked, table).assign(decision=name)}


def _asked(decision: Mapping[str, Any], counted: pd.DataFrame, members: pd.DataFrame, cells: pd.DataFrame,
           confidence: float) -> pd.DataFrame:
    """Return the cells asked for; without any, all comments together are the one cell."""
    wanted = [(dimension, str(value)) for dimension, values in (decision.get("cells") or {}).items()
              for value in values] or [("all", "")]
    sizes = cells.drop_duplicates().groupby(["dimension", "value"]).size()
    precision = float(decision.get("precision", 0.05))
    table = pd.DataFrame(wanted, columns=["dimension", "value"])
    table["n"] = [len(counted) if cell[0] == "all" else int(sizes.get(cell, 0)) for cell in wanted]
    table["worth"] = _worth(table, counted, members, cells)
    population = decision.get("population")
    needed = needed_comments(precision, confidence, population=population)
    table["needed"] = needed
    table["precision"] = [reached_precision(n, confidence, population=population) for n in table["worth"]]
    table["comment_share"] = table["n"] / max(len(counted), 1)
    effects = _effects(table, counted, cells)
    table["comment_share_low"], table["comment_share_high"] = share_interval(table["n"] / effects,
                                                                             len(counted) / effects, confidence)
    table["verdict"] = np.select([table["worth"] >= needed, table["worth"] >= needed / 4],
                                 ["adequate", "directional"], "inadequate")
    return table


def _worth(asked: pd.DataFrame, counted: pd.DataFrame, members: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return how many comments of other people each would tell as much of a theme's share as those of each cell."""
    whose = cluster_of(counted).set_axis(counted["feedback_id"])
    said = members.loc[members["theme_id"] >= 0, ["feedback_id", "theme_id"]].drop_duplicates()
    alike, worth = likeness(said.rename(columns={"theme_id": "value"}), whose), asked["n"].astype(float)
    for place, dimension, value in zip(asked.index, asked["dimension"], asked["value"], strict=True):
        sizes = whose.reindex(_inside(dimension, value, counted, cells)).value_counts()
        if len(sizes) < sizes.sum():
            worth[place] /= 1 + alike * ((sizes**2).sum() / sizes.sum() - 1)
    return worth


def _inside(dimension: str, value: str, counted: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return the ids of a cell's comments, each once."""
    return counted["feedback_id"] if dimension == "all" else \
        cells.loc[(cells["dimension"] == dimension) & (cells["value"] == value), "feedback_id"].drop_duplicates()


def _effects(asked: pd.DataFrame, counted: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return by how much clusters widen the share of each cell, their likeness told of all cells of its dimension."""
    whose, effects = cluster_of(counted).set_axis(counted["feedback_id"]), pd.Series(1.0, asked.index)
    for dimension, values in asked.groupby("dimension")["value"]:
        said = cells.loc[cells["dimension"] == dimension, ["feedback_id", "value"]].drop_duplicates()
        effects[values.index] = share_effects(said, whose, values.tolist())
    return effects


Check = tuple[str, str, float, float]  # verdict, reason, value, limit


def _check_cells(asked: pd.DataFrame, base: int) -> Check:
    missing = int((asked["verdict"] != "adequate").sum())
    worst = VERDICTS[min(VERDICTS.index(word) for word in asked["verdict"])]
    reason = {"adequate": "enough_in_each_cell", "directional": "cells_thin", "inadequate": "cells_too_thin"}[worst]
    return worst, reason if base else "nothing_counted", float(missing), float(len(asked))


def _check_proxies(everybody: pd.DataFrame) -> Check:
    speaking = everybody[~everybody["says_nothing"]]
    share = float(speaking["speaks_for_customers"].mean()) if len(speaking) else 0.0
    verdict = "inadequate" if share > _MOST_PROXIES else "directional" if share > _PROXIES else "adequate"
    reason = "customers_speak" if verdict == "adequate" else "proxies_speak"
    return verdict, reason, share, _PROXIES


def _check_question(decision: Mapping[str, Any], counted: pd.DataFrame) -> Check:
    purposes = [str(purpose) for purpose in decision.get("purpose") or []]
    if not purposes:
        return "not_asked", "no_purpose_stated", float("nan"), _FIT
    known = [name for name in ("collected_for", "question") if name in counted]
    if not known or not counted[known].notna().any(axis=None):
        return "directional", "purpose_unknown", float("nan"), _FIT
    share = float(counted[known].isin(purposes).any(axis=1).mean())
    verdict = "adequate" if share >= _FIT else "directional" if share >= _LEAST_FIT else "inadequate"
    return verdict, "question_fits" if verdict == "adequate" else "question_does_not_fit", share, _FIT


def _check_saturation(asked: pd.DataFrame, counted: pd.DataFrame, members: pd.DataFrame, cells: pd.DataFrame) -> Check:
    if not (members["theme_id"] >= 0).any():
        return "directional", "no_themes", float("nan"), _HEARD
    heard, whose = [], cluster_of(counted).set_axis(counted["feedback_id"])
    for dimension, value in zip(asked["dimension"], asked["value"], strict=True):
        inside = _inside(dimension, value, counted, cells)
        said = members[is_among(members["feedback_id"], inside)]
        themed = said[said["theme_id"] >= 0]
        people = themed.assign(whose=themed["feedback_id"].map(whose)).drop_duplicates(["whose", "theme_id"])
        told = estimate_saturation(people["theme_id"].value_counts().to_numpy(), whose.reindex(inside).nunique())
        share = told["heard_share"]
        heard.append(0.0 if np.isnan(share) else share * len(themed) / len(said))
    verdict = "adequate" if min(heard) >= _HEARD else "directional"
    return verdict, "saturated" if verdict == "adequate" else "more_would_be_new", min(heard), _HEARD


def _check_gaps(asked: pd.DataFrame, gaps: pd.DataFrame, everybody: pd.DataFrame) -> Check:
    if "created_at" not in everybody or not everybody["created_at"].notna().any():
        return "not_asked", "no_dates", float("nan"), 0.0
    if not len(gaps):
        return "adequate", "no_gaps", 0.0, 0.0
    cells = set(zip(asked["dimension"], asked["value"], strict=True)) | {("all", "")}
    own = gaps[[cell in cells for cell in zip(gaps["dimension"], gaps["value"], strict=True)]]
    days = float(own["days"].sum()) if len(own) else 0.0
    return ("directional", "collection_paused", days, 0.0) if len(own) else ("adequate", "no_gaps", 0.0, 0.0)


def _check_coverage(counted: pd.DataFrame) -> Check:
    stated = counted["channel"].dropna() if "channel" in counted else pd.Series(dtype=object)
    if not len(stated):
        return "not_asked", "no_channels", float("nan"), _ONE_CHANNEL
    share = float(stated.value_counts(normalize=True).iloc[0])
    verdict = "directional" if share >= _ONE_CHANNEL else "adequate"
    return verdict, "one_channel" if verdict == "directional" else "several_channels", share, _ONE_CHANNEL


def _collect(decision: Mapping[str, Any], asked: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Return whom to ask next, what, and how many: the cells that lack comments, those that lack most first."""
    wrong = checks.set_index("check").at["question", "reason"] in ("question_does_not_fit", "purpose_unknown")
    thin = asked[asked["verdict"] != "adequate"]
    purpose = [str(word) for word in decision.get("purpose") or []]
    ask = purpose[0] if purpose else ""
    more = pd.DataFrame({"dimension": thin["dimension"], "value": thin["value"], "ask": ask, "n": thin["n"],
                         "missing": np.ceil(thin["needed"] - thin["worth"]).astype(int)})
    if not len(more) and wrong:
        more = pd.DataFrame({"dimension": ["all"], "value": [""], "ask": [ask], "n": [0],
                             "missing": [int(asked["needed"].max())]})
    return more.sort_values(["missing", "dimension", "value"], ascending=[False, True, True], ignore_index=True)
