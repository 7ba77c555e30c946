"""Revenue at stake: how much of it stands with customers who speak of a theme, and how much they leave with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.measures import standing

_LOW, _FEWEST = 0.4, 10
_LEAST_DRAWS, _MOST_DRAWS, _CELLS = 99, 999, 20_000_000
COLUMNS = ["cut", "value", "customers", "customers_low_score", "customer_share", "revenue", "revenue_low_score",
           "revenue_low_score_low", "revenue_low_score_high", "revenue_share", "revenue_share_low",
           "revenue_share_high", "left_count", "leaving_with", "leaving_without", "excess", "excess_low", "excess_high"]
ASSUMPTIONS = ("revenue_is_yearly", "one_revenue_a_customer", "only_customers_who_spoke", "low_score_is_unhappy",
               "association")


def weigh_by_money(comments: pd.DataFrame, subjects: pd.DataFrame, confidence: float = 0.95, seed: int = 0
                   ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the revenue that stands with each theme or stage, beside the plain number of customers.

    A customer counts once in each cell, with the latest usable revenue. **Low scores** are those among the lowest
    four tenths of all answers to the same question. The ``excess`` is the revenue of the cell's customers who have
    left beyond what would have left at the rate of all other customers; it needs ``churned``. Intervals come from 999
    resamples of customers (fewer of many); they tell chance, not whether the assumptions hold. Every cell also has
    its plain share of customers, so that a few large ones are seen as such.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id, customer_id, revenue``; scores and ``churned`` where known.
    subjects
        ``feedback_id, cut, value``, such as cut "theme" and value "3", or "stage" and "use".

    Returns
    -------
    pandas.DataFrame
        A row a cell of ten customers or more, with `COLUMNS`; shares are of the customers (and of the revenue) of all
        who spoke and whose revenue is known.
    pandas.DataFrame
        ``reason, n``: "no_revenue", "no_customers", "too_few_customers", "no_cell_of_customers" (nothing is computed);
        "infinite_revenue", "negative_revenue" and "unknown_revenue", with how many customers were left out for it; and
        the words of `ASSUMPTIONS` that hold of the table.

    Examples
    --------
    >>> names = [f"{i}" for i in range(40)]
    >>> comments = pd.DataFrame({"feedback_id": names, "customer_id": names,
    ...     "revenue": [100.0] * 20 + [300.0] * 20, "nps": [0, 10] * 20})
    >>> about = pd.DataFrame({"feedback_id": [f"{i}" for i in range(20, 40)], "cut": "theme", "value": "0"})
    >>> table, notes = weigh_by_money(comments, about)
    >>> table[["customers", "customer_share", "revenue", "revenue_share", "revenue_low_score"]].values.tolist()
    [[20.0, 0.5, 6000.0, 0.75, 3000.0]]
    """
    check_tables(comments=comments, subjects=subjects)
    reason = _missing(comments)
    if reason is not None:
        return pd.DataFrame(columns=COLUMNS), pd.DataFrame({"reason": [reason], "n": [0]})
    people, notes = _people(comments)
    if len(people) < _FEWEST:
        notes.append(("too_few_customers", len(people)))
        return pd.DataFrame(columns=COLUMNS), pd.DataFrame(notes, columns=["reason", "n"])
    owner = comments.set_index("feedback_id")["customer_id"]
    cells = subjects.assign(customer=subjects["feedback_id"].map(owner))
    cells = cells[cells["customer"].isin(people.index)].drop_duplicates(["cut", "value", "customer"])
    times = _resamples(len(people), seed)
    rows = [(*key, *_weigh(people, people.index.isin(part["customer"]), times, confidence))
            for key, part in cells.groupby(["cut", "value"]) if len(part) >= _FEWEST]
    told = [(word, len(people)) for word in ASSUMPTIONS] if rows else [("no_cell_of_customers", 0)]
    return pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(notes + told, columns=["reason", "n"])


def _resamples(customers: int, seed: int) -> np.ndarray:
    """Return how often each customer counts: everybody once in the first row, as drawn in the others."""
    draws = int(np.clip(_CELLS / customers, _LEAST_DRAWS, _MOST_DRAWS))
    generator = np.random.default_rng(seed)
    times = np.ones((draws + 1, customers), dtype=np.float32)
    for row in times[1:]:
        row[:] = np.bincount(generator.integers(0, customers, customers), minlength=customers)
    return times


def _missing(comments: pd.DataFrame) -> str | None:
    if "revenue" not in comments or not comments["revenue"].notna().any():
        return "no_revenue"
    known = "customer_id" in comments and comments["customer_id"].notna().any()
    return None if known else "no_customers"


def _people(comments: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Return a row a customer with a usable revenue, and how many were left out for which reason."""
    order = ["created_at", "feedback_id"] if "created_at" in comments else ["feedback_id"]
    known = comments.assign(standing=standing(comments)).sort_values(order, na_position="first")
    known = known[known["customer_id"].notna()]
    left = known["churned"].astype(float) if "churned" in known else pd.Series(np.nan, index=known.index)
    stated = known["revenue"].astype(float)
    usable = stated.where(np.isfinite(stated) & (stated >= 0))
    people = known.assign(left=left, stated=stated, usable=usable).groupby("customer_id").agg(
        revenue=("usable", "last"), stated=("stated", "last"), standing=("standing", "min"), left=("left", "last"))
    people["revenue"] = people["revenue"].fillna(people.pop("stated"))
    revenue = people["revenue"].to_numpy()
    faults = {"infinite_revenue": np.isinf(revenue), "negative_revenue": np.isfinite(revenue) & (revenue < 0),
              "unknown_revenue": np.isnan(revenue)}
    notes = [(name, int(fault.sum())) for name, fault in faults.items() if fault.any()]
    return people[np.isfinite(revenue) & (revenue >= 0)], notes


def _weigh(people: pd.DataFrame, inside: np.ndarray, times: np.ndarray, confidence: float) -> tuple[float, ...]:
    """Return the figures of one cell; the first row of `times` counts everybody once, the others are resamples."""
    revenue = people["revenue"].to_numpy(dtype=float)
    low = (people["standing"] <= _LOW).to_numpy()
    total = times @ revenue
    own = times @ (revenue * inside)
    unhappy = times @ (revenue * (inside & low))
    share = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
    ends = [np.quantile(values[1:], [0.5 - confidence / 2, 0.5 + confidence / 2]) for values in (unhappy, share)]
    return (int(inside.sum()), int((inside & low).sum()), float(inside.mean()), float(own[0]), float(unhappy[0]),
            *map(float, ends[0]), float(share[0]), *map(float, ends[1]),
            *_excess(people, inside, revenue, times, confidence))


def _excess(people: pd.DataFrame, inside: np.ndarray, revenue: np.ndarray, times: np.ndarray, confidence: float
            ) -> tuple[float, ...]:
    left = people["left"].to_numpy(dtype=float)
    known = np.isfinite(left)
    own, other = inside & known, ~inside & known
    if min(own.sum(), other.sum()) < _FEWEST:
        return (0, *(float("nan"),) * 5)
    gone = np.where(known, left, 0.0)
    rate = (times @ (gone * other)) / np.maximum(times @ other.astype(float), 1)
    excess = times @ (revenue * gone * own) - rate * (times @ (revenue * own))
    low, high = np.quantile(excess[1:], [0.5 - confidence / 2, 0.5 + confidence / 2])
    return (int(gone[own].sum()), float(left[own].mean()), float(left[other].mean()), float(excess[0]), float(low),
            float(high))
