"""Quotes that show a theme: typical ones in several languages, and one that speaks against them."""

from __future__ import annotations

import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.feedback import redact
from workbench.language import direction_of

_SHORTEST, _LONGEST, _WHOLE_COMMENT = 12, 280, 240


def choose_quotes(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame,
                  typical: int = 4, *, order_number: str | None = None) -> pd.DataFrame:
    """Return quotes for each theme, with personal data taken out.

    A quote is a statement that is typical; where its whole comment is short, the comment is quoted, since a reader
    wants to know what it was about. Typical are those nearest to the theme's centre, one language after the other,
    the language that speaks most of the theme first; never the same person twice in a theme. The contrary quote is
    the one most typical of the theme among customers whose score says the opposite of what most scores in the
    theme say; without scores, or without such a customer, there is none.

    Parameters
    ----------
    statements, assignments
        As the contracts state.
    comments
        The counted comments, with ``feedback_id`` and, where there are any, ``text``, ``customer_id`` and scores.
    typical
        Typical quotes a theme.
    order_number
        The study's own pattern of order numbers, as for `redact`.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, role`` ("typical" or "contrary"), ``rank, statement_id, feedback_id, language, direction,
        text``: redacted, otherwise the customer's own characters.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0"], "feedback_id": ["a", "b"],
    ...     "text": ["the courier never came", "پیک اصلا نیامد، 09121234567"],
    ...     "language": ["en", "fa"], "direction": ["ltr", "rtl"]})
    >>> assignments = pd.DataFrame({"statement_id": ["a/0", "b/0"], "theme_id": 0, "strength": [0.9, 0.8]})
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b"]})
    >>> choose_quotes(statements, assignments, comments)[["role", "text"]].values.tolist()
    [['typical', 'the courier never came'], ['typical', 'پیک اصلا نیامد، [phone]']]
    """
    pool = _pool(statements, assignments, comments)
    parts = []
    for theme, part in pool.groupby("theme_id"):
        chosen = _typical(part, typical)
        against = _contrary(part, set(chosen["person"]))
        parts += [chosen.assign(role="typical"), against.assign(role="contrary")]
        parts[-2]["theme_id"] = parts[-1]["theme_id"] = theme
    columns = ["theme_id", "role", "rank", "statement_id", "feedback_id", "language", "direction", "text"]
    if not parts:
        return pd.DataFrame(columns=columns)
    quotes = pd.concat(parts, ignore_index=True)
    quotes["rank"] = quotes.groupby(["theme_id", "role"]).cumcount() + 1
    if "text" in comments:
        whole = quotes["feedback_id"].map(comments.set_index("feedback_id")["text"])
        quotes["text"] = quotes["text"].mask(whole.str.len() <= _WHOLE_COMMENT, whole)
        quotes["direction"] = [direction_of(text) for text in quotes["text"]]
    quotes["text"] = [redact(text, order_number=order_number) for text in quotes["text"]]
    return quotes[columns]


def _pool(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of every theme that are fit to be quoted, most typical first."""
    pool = statements.merge(assignments[["statement_id", "theme_id", "strength"]], on="statement_id")
    person = comments["customer_id"] if "customer_id" in comments else comments["feedback_id"]
    facts = pd.DataFrame({"feedback_id": comments["feedback_id"], "sign": _sign(comments),
                          "person": person.fillna(comments["feedback_id"])})
    pool = pool.merge(facts, on="feedback_id")
    length = pool["text"].str.len()
    pool = pool[length.between(_SHORTEST, _LONGEST) & (pool["theme_id"] != UNASSIGNED_THEME)]
    return pool.sort_values(["theme_id", "strength", "statement_id"], ascending=[True, False, True])


def _sign(comments: pd.DataFrame) -> pd.Series:
    """Return 1 where a comment's score is good, -1 where it is bad, 0 between or without a score."""
    sign = pd.Series(0, index=comments.index)
    if {"rating", "rating_max"} <= set(comments):
        share = comments["rating"] / comments["rating_max"]
        sign = sign.mask(share >= 0.8, 1).mask(share <= 0.4, -1)
    if "nps" in comments:
        sign = sign.mask(comments["nps"] >= 9, 1).mask(comments["nps"] <= 6, -1)
    return sign


def _typical(part: pd.DataFrame, count: int) -> pd.DataFrame:
    fresh = part.drop_duplicates("person").drop_duplicates("text")
    turn = fresh.groupby("language").cumcount()
    weight = fresh["language"].map(part["language"].value_counts())
    order = pd.DataFrame({"turn": turn, "weight": -weight, "language": fresh["language"]})
    return fresh.loc[order.sort_values(["turn", "weight", "language"], kind="stable").index[:count]]


def _contrary(part: pd.DataFrame, taken: set[str]) -> pd.DataFrame:
    balance = part.drop_duplicates("feedback_id")["sign"].sum()
    if balance == 0:
        return part.iloc[:0]
    opposite = part[(part["sign"] == (-1 if balance > 0 else 1)) & ~part["person"].isin(taken)]
    return opposite.iloc[:1]
