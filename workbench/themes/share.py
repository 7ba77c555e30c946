"""How many comments speak of each theme, with intervals."""

from __future__ import annotations

import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import THEMES, UNASSIGNED, UNASSIGNED_THEME, names


def count_themes(statements: pd.DataFrame, assignments: pd.DataFrame, labels: pd.DataFrame,
                 counted: pd.Series | None = None, confidence: float = 0.95) -> pd.DataFrame:
    """Return the themes table without its stability: one row a theme, unassigned last.

    A comment counts once for each theme that one of its statements is in, so shares may add up to more than 1.
    The base is every counted comment. Intervals are Wilson's score intervals, as if nobody had written several
    comments; `widen_intervals` allows for those who have.

    Parameters
    ----------
    statements
        With ``statement_id`` and ``feedback_id``.
    assignments
        With ``statement_id`` and ``theme_id``.
    labels
        ``theme_id, language, label, is_borrowed``; the first language of a theme is the table's label.
    counted
        Boolean, indexed by feedback_id; all comments by default.
    confidence
        Of the intervals.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "a/1", "b/0"], "feedback_id": ["a", "a", "b"]})
    >>> assignments = pd.DataFrame({"statement_id": ["a/0", "a/1", "b/0"], "theme_id": [0, 0, -1]})
    >>> labels = pd.DataFrame({"theme_id": [0], "language": ["en"], "label": ["late delivery"]})
    >>> table = count_themes(statements, assignments, labels)
    >>> table[["theme_id", "label", "statement_count", "comment_count", "comment_share"]].values.tolist()
    [[0, 'late delivery', 2, 1, 0.5], [-1, 'unassigned', 1, 1, 0.5]]
    """
    check_tables(statements=statements, assignments=assignments, labels=labels)
    joined = assignments[["statement_id", "theme_id"]].merge(statements[["statement_id", "feedback_id"]])
    if counted is not None:
        joined = joined[joined["feedback_id"].map(counted).fillna(False).astype(bool)]
    base = int(counted.sum()) if counted is not None else joined["feedback_id"].nunique()
    ids = [*sorted(set(labels["theme_id"]) - {UNASSIGNED_THEME}), UNASSIGNED_THEME]
    grouped = joined.groupby("theme_id")
    first = labels.drop_duplicates("theme_id").set_index("theme_id")
    table = pd.DataFrame({"theme_id": ids})
    table["label"] = table["theme_id"].map(first["label"]).astype(object).fillna(UNASSIGNED).astype("str")
    table["label_language"] = table["theme_id"].map(first["language"]).astype(object).fillna("en").astype("str")
    table["statement_count"] = grouped.size().reindex(ids, fill_value=0).to_numpy()
    table["comment_count"] = grouped["feedback_id"].nunique().reindex(ids, fill_value=0).to_numpy()
    low, high = share_interval(table["comment_count"], base, confidence)
    table["comment_share"] = table["comment_count"] / base if base else 0.0
    table["comment_share_low"], table["comment_share_high"] = low, high
    return table[[name for name in names(THEMES) if name not in ("customer_count", "stability")]]


def count_customers(themes: pd.DataFrame, members: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the themes table with ``customer_count``: how many different customers wrote the comments of each theme.

    A comment of nobody known counts as one customer. Where no customer is known the table stays as it is.

    Parameters
    ----------
    themes
        As `count_themes` returns it.
    members
        ``feedback_id, theme_id`` of the counted comments, each once.
    comments
        With ``feedback_id`` and perhaps ``customer_id``.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme_id": [0, -1], "comment_count": [3, 0]})
    >>> members = pd.DataFrame({"feedback_id": ["a", "b", "c"], "theme_id": 0})
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "customer_id": ["k", "k", None]})
    >>> count_customers(themes, members, comments)["customer_count"].tolist()
    [2, 0]
    """
    check_tables(themes=themes, members=members, comments=comments)
    if "customer_id" not in comments or not comments["customer_id"].notna().any():
        return themes
    known = comments["customer_id"].notna() & comments["customer_id"].ne("")
    alone = "comment " + comments["feedback_id"].astype(str)
    who = alone.mask(known, "customer " + comments["customer_id"].astype(str))
    said = members["feedback_id"].map(who.set_axis(comments["feedback_id"]))
    count = themes["theme_id"].map(said.groupby(members["theme_id"]).nunique()).fillna(0).astype("int64")
    counted = themes.assign(customer_count=count)
    return counted[[*(name for name in names(THEMES) if name in counted), *counted.columns.difference(names(THEMES))]]


def share_interval(count: pd.Series, base: int | pd.Series, confidence: float = 0.95) -> tuple[pd.Series, pd.Series]:
    """Return the lower and upper end of Wilson's interval for each count of a base.

    An empty base gives the whole range from 0 to 1: nothing is known.

    Source: Wilson (1927); Brown, Cai and DasGupta (2001), Interval Estimation for a Binomial Proportion.

    Examples
    --------
    >>> low, high = share_interval(pd.Series([0, 5]), 10)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237], [0.278, 0.763])
    """
    check_series(count=count)
    from scipy.special import ndtri

    z = float(ndtri(0.5 + confidence / 2))
    n = pd.Series(base, index=count.index, dtype=float)
    share = count / n.where(n > 0)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5
    low, high = (middle - half).clip(0, 1), (middle + half).clip(0, 1)
    return low.where(count > 0, 0.0), high.where(count < n, 1.0).where(n > 0, 1.0)
