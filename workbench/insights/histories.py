"""Customers in time: which comments may be joined into one person's history, and which may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from workbench.arguments import check_tables

NO_CUSTOMER, NO_DATE, FUTURE, SHARED = "no customer", "no date", "date in the future", "shared id"
REASONS = (NO_CUSTOMER, NO_DATE, FUTURE, SHARED)
_STATED = ("market", "segment", "language")
_NEEDED = {"customer_id": "object", "created_at": "datetime64[ns]"}
_KEPT = ("market", "segment")  # people write in two languages by turns, but seldom move to and fro


def follow_customers(comments: pd.DataFrame, last_day: date | None = None) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the comments whose customer and day are known, in the order of each customer's time.

    A comment without a customer or a date is left out, one dated after `last_day` as well, and so are all comments
    of an id that two people seem to share: an id with two markets, segments or stated languages on one day, or
    with a market or segment that comes back after another (DE, FR, DE). A customer who moves once is one customer,
    and so is one who writes in two languages on different days.

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id`` and any of ``customer_id``, ``created_at``, ``market``,
        ``segment`` and ``language`` as the source states it.
    last_day
        The last day that a comment can be of; no limit when None.

    Returns
    -------
    tuple
        The table, sorted by ``customer_id``, ``created_at`` and ``feedback_id``, and facts: ``used`` (comments),
        ``customers``, ``left_out`` (comments by reason: each in the first of `REASONS` that holds) and
        ``shared_ids``.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c", "d"], "customer_id": ["k1", "k1", None, "k2"],
    ...     "text": ["late again", "دیر رسید", "متأخر", "merci"],
    ...     "created_at": pd.to_datetime(["2026-03-02", "2026-02-01", "2026-02-01", "2031-01-01"])})
    >>> table, facts = follow_customers(comments, date(2026, 10, 31))
    >>> table["feedback_id"].tolist(), facts["left_out"]["no customer"], facts["left_out"]["date in the future"]
    (['b', 'a'], 1, 1)
    """
    check_tables(comments=comments)
    comments = comments.assign(**{name: pd.Series(index=comments.index, dtype=kind) for name, kind in _NEEDED.items()
                                  if name not in comments})
    reason = pd.Series("", index=comments.index, dtype=object)
    for name, found in _faults(comments, last_day).items():
        reason = reason.mask((reason == "") & found, name)
    known = comments[reason == ""]
    shared = _shared_ids(known) if len(known) else []
    if shared:
        reason = reason.mask((reason == "") & comments["customer_id"].isin(shared), SHARED)
    used = comments[reason == ""]
    if len(used):
        used = used.sort_values(["customer_id", "created_at", "feedback_id"], ignore_index=True)
    facts = {"used": len(used), "customers": int(used["customer_id"].nunique()) if len(used) else 0,
             "left_out": {name: int((reason == name).sum()) for name in REASONS}, "shared_ids": len(shared)}
    return used, facts


def moments_of(histories: pd.DataFrame) -> pd.Series:
    """Return when each comment was written, as far as it can be told from the customer's other comments.

    Where one of a customer's comments of a day has no time of day, nobody knows in which order they were written: all
    of them are of that day.

    Examples
    --------
    >>> histories = pd.DataFrame({"customer_id": "k", "created_at": pd.to_datetime(
    ...     ["2026-03-01", "2026-03-01 14:30", "2026-03-02 09:00", "2026-03-02 10:00"], format="ISO8601")})
    >>> moments_of(histories).dt.strftime("%d %H:%M").tolist()
    ['01 00:00', '01 00:00', '02 09:00', '02 10:00']
    """
    when, day = histories["created_at"], histories["created_at"].dt.normalize()
    return day.where((when == day).groupby([histories["customer_id"], day]).transform("any"), when)


def _faults(comments: pd.DataFrame, last_day: date | None) -> dict[str, pd.Series]:
    customer, when = comments["customer_id"], comments["created_at"]
    faults = {NO_CUSTOMER: customer.isna() | (customer.astype(str).str.strip() == ""), NO_DATE: when.isna()}
    if last_day is not None:
        faults[FUTURE] = when >= pd.Timestamp(last_day) + pd.Timedelta(days=1)
    return faults


def _shared_ids(comments: pd.DataFrame) -> list[str]:
    """Return the ids that state two values on one day, or go back to a value after another."""
    ordered = comments.sort_values(["customer_id", "created_at", "feedback_id"])
    shared: set[str] = set()
    for column in (name for name in _STATED if name in ordered):
        rows = ordered.loc[ordered[column].notna(), ["customer_id", "created_at", column]]
        rows = rows.assign(day=rows["created_at"].dt.normalize())
        at_once = rows.groupby(["customer_id", "day"])[column].nunique()
        new = (rows["customer_id"] != rows["customer_id"].shift()) | (rows[column] != rows[column].shift())
        by_customer = rows.assign(new=new).groupby("customer_id").agg(runs=("new", "sum"), values=(column, "nunique"))
        shared |= set(at_once[at_once > 1].index.get_level_values("customer_id"))
        if column in _KEPT:
            shared |= set(by_customer.index[by_customer["runs"] > by_customer["values"]])
    return sorted(shared)
