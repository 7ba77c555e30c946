"""Revenue at stake: how much of it stands with customers who speak of a theme, and how much they leave with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.insights.clusters import cluster_of
from workbench.insights.measures import standing
from workbench.themes import share_interval

_LOW, _FEWEST, _LEAST_WORTH = 0.4, 10, 3
_LEAST_DRAWS, _MOST_DRAWS, _CELLS = 99, 999, 20_000_000
_LITTLE = 0.01
COLUMNS = ["cut", "value", "customers", "customers_low_score", "customer_share", "revenue", "revenue_low_score",
           "revenue_low_score_low", "revenue_low_score_high", "revenue_share", "revenue_share_low",
           "revenue_share_high", "left_count", "leaving_with", "leaving_without", "excess", "excess_low", "excess_high"]
ASSUMPTIONS = ("revenue_is_yearly", "one_revenue_a_customer", "only_customers_who_spoke", "low_score_is_unhappy",
               "accounts_by_chance", "association")


def weigh_by_money(comments: pd.DataFrame, subjects: pd.DataFrame, confidence: float = 0.95, seed: int = 0
                   ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the revenue that stands with each theme or stage, beside the plain number of customers.

    A customer counts once in each cell, with the latest usable revenue. **Low scores** are those among the lowest
    four tenths of all answers to the same question. The ``excess`` is the revenue of the cell's customers who have
    left beyond what would have left at the rate of all other customers; it needs ``churned``. Every cell also has
    its plain share of customers, so that a few large ones are seen as such.

    Intervals tell chance, not whether the assumptions hold, and what chance draws is accounts (customers, where no
    account is known). Those of sums and shares are bootstrap-t intervals, on the scale of the logarithm or of the
    logit, from 999 resamples (fewer of many accounts): percentiles of skewed sums are too narrow. Those of sums reach
    as far as the gamma interval of a sum of few accounts does: that there are few is chance, too. A sum that is worth
    fewer than three equal accounts, or that a fortieth of the resamples lack, has none. The interval of the excess
    takes customers and their revenue as they are, and asks who of them leaves: Newcombe's, with as many answers as the
    revenue is worth in equal accounts.

    Source: Hall (1992), The Bootstrap and Edgeworth Expansion; Fay and Feuer (1997), Confidence Intervals for Directly
    Standardized Rates: A Method Based on the Gamma Distribution, whose weights are the accounts' revenue; Kish (1965),
    Survey Sampling, for what unequal parts are worth; Newcombe (1998).

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
        who spoke and whose revenue is known. Missing where there is no interval.
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
    people["account"] = pd.factorize(people["account"], sort=True)[0]
    drawn = _Drawn(np.bincount(people["account"], weights=people["revenue"]), seed)
    rows = [(*key, *_weigh(people, people.index.isin(part["customer"]), drawn, confidence))
            for key, part in cells.groupby(["cut", "value"]) if len(part) >= _FEWEST]
    told = [(word, len(people)) for word in ASSUMPTIONS] if rows else [("no_cell_of_customers", 0)]
    return pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(notes + told, columns=["reason", "n"])


class _Drawn:
    """How often each account counts, once in the first row and as drawn in the others, and what all of them bring."""

    def __init__(self, whole: np.ndarray, seed: int) -> None:
        accounts = len(whole)
        draws = int(np.clip(_CELLS / accounts, _LEAST_DRAWS, _MOST_DRAWS))
        generator = np.random.default_rng(seed)
        self._times = np.ones((draws + 1, accounts))
        for row in self._times[1:]:
            row[:] = np.bincount(generator.integers(0, accounts, accounts), minlength=accounts)
        self._whole = whole
        self._all = self._times @ np.column_stack([whole, whole**2])

    def sums(self, parts: np.ndarray) -> np.ndarray:
        """Return the sums of the parts and of their squares, a column for each row of times; most parts are nothing."""
        told = np.flatnonzero(parts)
        return np.asarray((self._times[:, told] @ np.column_stack([parts[told], parts[told] ** 2])).T)

    def both_sums(self, own: np.ndarray) -> np.ndarray:
        """Return the sums of own parts, of the rest, of the squares of both, and of their products."""
        rest = self._whole - own
        if rest.sum() < _LITTLE * self._whole.sum():  # not told well as what is left of all
            columns = np.column_stack([own, rest, own**2, rest**2, own * rest])
            return np.asarray((self._times @ columns).T)
        told = np.flatnonzero(own)
        parts, whole = own[told], self._whole[told]
        sums, squares, products = (self._times[:, told] @ np.column_stack([parts, parts**2, parts * whole])).T
        everything, all_squares = self._all.T
        return np.stack([sums, everything - sums, squares, all_squares - 2 * products + squares, products - squares])


def _missing(comments: pd.DataFrame) -> str | None:
    if "revenue" not in comments or not comments["revenue"].notna().any():
        return "no_revenue"
    known = "customer_id" in comments and comments["customer_id"].notna().any()
    return None if known else "no_customers"


def _people(comments: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Return a row a customer with a usable revenue and an account, and how many were left out for which reason."""
    order = ["created_at", "feedback_id"] if "created_at" in comments else ["feedback_id"]
    known = comments.assign(standing=standing(comments)).sort_values(order, na_position="first")
    known = known[known["customer_id"].notna()]
    left = known["churned"].astype(float) if "churned" in known else pd.Series(np.nan, index=known.index)
    stated = known["revenue"].astype(float)
    usable = stated.where(np.isfinite(stated) & (stated >= 0))
    whose = cluster_of(known)
    account = whose.where(whose.str.startswith("account "))
    people = known.assign(left=left, stated=stated, usable=usable, account=account).groupby("customer_id").agg(
        revenue=("usable", "last"), stated=("stated", "last"), standing=("standing", "min"), left=("left", "last"),
        account=("account", "last"))
    people["account"] = people["account"].fillna("customer " + people.index.astype(str).to_series(people.index))
    people["revenue"] = people["revenue"].fillna(people.pop("stated"))
    revenue = people["revenue"].to_numpy()
    faults = {"infinite_revenue": np.isinf(revenue), "negative_revenue": np.isfinite(revenue) & (revenue < 0),
              "unknown_revenue": np.isnan(revenue)}
    notes = [(name, int(fault.sum())) for name, fault in faults.items() if fault.any()]
    return people[np.isfinite(revenue) & (revenue >= 0)], notes


def _weigh(people: pd.DataFrame, inside: np.ndarray, drawn: _Drawn, confidence: float) -> tuple[float, ...]:
    """Return the figures of one cell."""
    revenue = people["revenue"].to_numpy(dtype=float)
    low = (people["standing"] <= _LOW).to_numpy()
    total, own, unhappy = revenue.sum(), revenue @ inside, revenue @ (inside & low)
    by_account = [np.bincount(people["account"], weights=revenue * part) for part in (inside & low, inside, ~inside)]
    return (int(inside.sum()), int((inside & low).sum()), float(inside.mean()), float(own), float(unhappy),
            *_sum_interval(by_account[0], drawn, confidence), float(own / total) if total > 0 else 0.0,
            *_share_interval(by_account[1], by_account[2], drawn, confidence),
            *_excess(people, inside, revenue, confidence))


def _sum_interval(parts: np.ndarray, drawn: _Drawn, confidence: float) -> tuple[float, float]:
    """Return the interval of the sum of what accounts bring."""
    if not _worth(parts) >= _LEAST_WORTH:
        return float("nan"), float("nan")
    total, squares = drawn.sums(parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(squares / total**2 - 1 / len(parts), 0))
        low, high = np.exp(_bootstrap_t(np.log(total), error, confidence))
    if not np.isfinite([low, high]).all():
        return float("nan"), float("nan")
    least, most = _gamma_interval(parts, confidence)
    return min(float(low), least), max(float(high), most)


def _gamma_interval(parts: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the interval of a sum of parts of which there are as many as chance has it."""
    from scipy.special import gammaincinv

    total, squares, largest, tail = parts.sum(), (parts**2).sum(), parts.max(), (1 - confidence) / 2
    above, wide = total + largest, squares + largest**2
    return (float(gammaincinv(total**2 / squares, tail) * squares / total),
            float(gammaincinv(above**2 / wide, 1 - tail) * wide / above))


def _share_interval(parts: np.ndarray, others: np.ndarray, drawn: _Drawn, confidence: float) -> tuple[float, float]:
    """Return the interval of the share of what accounts bring to a cell in all that they bring."""
    if not min(_worth(parts), _worth(others)) >= _LEAST_WORTH:
        return float("nan"), float("nan")
    own, rest, own_squares, rest_squares, products = drawn.both_sums(parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(own_squares / own**2 + rest_squares / rest**2 - 2 * products / (own * rest), 0))
        low, high = _bootstrap_t(np.log(own) - np.log(rest), error, confidence)
    return (float(1 / (1 + np.exp(-low))), float(1 / (1 + np.exp(-high)))) if np.isfinite([low, high]).all() else \
        (float("nan"), float("nan"))


def _bootstrap_t(values: np.ndarray, errors: np.ndarray, confidence: float) -> np.ndarray:
    """Return the ends of the interval of the first value, the others being those of resamples."""
    apart = values[1:] - values[0]
    studentised = np.where(np.isinf(apart), apart, apart / errors[1:])
    ends = np.quantile(studentised, [0.5 + confidence / 2, 0.5 - confidence / 2], method="inverted_cdf")
    return np.asarray(values[0] - ends * errors[0])


def _worth(parts: np.ndarray) -> float:
    """Return how many equal parts tell as much as these; missing where they are nothing."""
    squares = float((parts**2).sum())
    return float(parts.sum()) ** 2 / squares if squares > 0 else float("nan")


def _excess(people: pd.DataFrame, inside: np.ndarray, revenue: np.ndarray, confidence: float) -> tuple[float, ...]:
    left = people["left"].to_numpy(dtype=float)
    known = np.isfinite(left)
    own, other = inside & known, ~inside & known
    if min(own.sum(), other.sum()) < _FEWEST:
        return (0, *(float("nan"),) * 5)
    stake = float(revenue @ own)
    rates = np.array([revenue[own] @ left[own] / stake if stake > 0 else np.nan, left[other].mean()])
    worth = np.array([_worth(np.bincount(people["account"], weights=part)) for part in (revenue * own, other)])
    low, high = (ends.to_numpy() for ends in share_interval(pd.Series(rates * worth), pd.Series(worth), confidence))
    beyond = rates[0] - rates[1]
    ends = (beyond, beyond - np.hypot(rates[0] - low[0], high[1] - rates[1]),
            beyond + np.hypot(high[0] - rates[0], rates[1] - low[1]))
    return (int(left[own].sum()), float(left[own].mean()), float(left[other].mean()),
            *(float(stake * end) if stake > 0 else 0.0 for end in ends))
