"""Quotes that show a theme: typical ones, ones that differ from each other, and one that speaks against the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.feedback import redact_parts
from workbench.language import direction_of

_SHORTEST, _LONGEST, _WHOLE_COMMENT = 12, 280, 240
_POOL = 400  # statements of a theme among which different ones are looked for
_FIRMLY_IN = 0.5  # of a theme's statements, by strength
_IDENTITIES = ("customer_id", "account_id", "wording")
COLUMNS = ["theme_id", "role", "rank", "statement_id", "feedback_id", "language", "direction", "text"]


def choose_quotes(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame,
                  typical: int = 4, *, diverse: int = 2, vectors: np.ndarray | None = None,
                  tone: pd.DataFrame | None = None, order_number: str | None = None,
                  longest_whole: int = _WHOLE_COMMENT) -> pd.DataFrame:
    """Return quotes for each theme, with personal data taken out.

    A quote is a statement of the theme; where its whole comment is short, the comment is quoted, since a reader
    wants to know what it was about. Within a theme nobody is quoted twice: no customer, no account, no wording.

    * Typical are those nearest to the theme's centre, one language after the other, the language that speaks most
      of the theme first.
    * Diverse are those farthest from every quote chosen before, among the half of the theme that is nearest to its
      centre; a language that was not quoted yet comes first. They need `vectors`.
    * Contrary is the one most typical of the theme among those who speak against the rest: by the tone of the
      statement where tones are known, else by the customer's score. Without such a voice there is none.

    Parameters
    ----------
    statements, assignments
        As the contracts state.
    comments
        The counted comments, with ``feedback_id`` and, where there are any, ``text``, ``customer_id``,
        ``account_id`` and scores.
    typical, diverse
        Quotes a theme.
    vectors
        One a statement, in their order.
    tone
        ``statement_id``, ``tone`` (-1 bad, 0 neither, 1 good) and perhaps ``abstained``, where it is not sure; what is
        not told is filled in from the score.
    order_number
        The study's own pattern of order numbers, as for `redact`.
    longest_whole
        A comment of up to so many characters is quoted as a whole; 0 quotes statements alone.

    Returns
    -------
    pandas.DataFrame
        ``theme_id, role`` ("typical", "diverse" or "contrary"), ``rank, statement_id, feedback_id, language,
        direction, text``: redacted, otherwise the customer's own characters.

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
    pool = _pool(statements, assignments, comments, tone, longest_whole)
    rows: list[pd.DataFrame] = []
    for theme, part in _coded(pool).groupby("theme_id"):
        chosen = _typical(part, typical)
        other = _diverse(part, chosen, diverse, vectors)
        against = _contrary(part, pd.concat([chosen, other]))
        rows += [pd.DataFrame({"place": own.index, "role": role, "theme_id": theme})
                 for role, own in zip(("typical", "diverse", "contrary"), (chosen, other, against), strict=True)]
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    roles = pd.concat(rows, ignore_index=True)
    quotes = pool.loc[roles["place"]].reset_index(drop=True).assign(role=roles["role"], theme_id=roles["theme_id"])
    quotes["rank"] = quotes.groupby(["theme_id", "role"]).cumcount() + 1
    quotes["direction"] = [direction_of(text) for text in quotes["shown"]]
    quotes["text"] = redact_parts(quotes.assign(text=quotes["shown"]), comments, order_number=order_number)
    return quotes[COLUMNS]


def _pool(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame,
          tone: pd.DataFrame | None, longest_whole: int) -> pd.DataFrame:
    """Return the statements of every theme that are fit to be quoted, most typical first.

    ``shown`` is what would be quoted, ``sign`` which side it is on, ``position`` its place among the vectors.
    """
    fit = statements["text"].str.len().between(_SHORTEST, _LONGEST).to_numpy(dtype=bool)
    pool = statements[fit].assign(position=np.flatnonzero(fit))
    themed = assignments.loc[assignments["theme_id"] != UNASSIGNED_THEME, ["statement_id", "theme_id", "strength"]]
    pool = pool.merge(themed, on="statement_id")
    facts = pd.DataFrame({"feedback_id": comments["feedback_id"], "sign": _sign(comments)})
    facts["whole"] = comments["text"] if "text" in comments else pd.Series(None, index=comments.index, dtype=object)
    for name in ("customer_id", "account_id"):
        facts[name] = comments.get(name, pd.Series(None, index=comments.index, dtype=object))
    pool = pool.drop(columns=["whole", "customer_id", "account_id"], errors="ignore").merge(facts, on="feedback_id")
    if tone is not None:
        sure = tone[~tone["abstained"].astype(bool)] if "abstained" in tone else tone
        said = sure.drop_duplicates("statement_id").set_index("statement_id")["tone"].astype("float64").clip(-1, 1)
        pool["sign"] = pool["statement_id"].map(said).fillna(pool["sign"])
    short = pool["whole"].str.len() <= longest_whole
    pool = pool.assign(shown=pool["text"].mask(short.fillna(False).astype(bool), pool["whole"]))
    pool["wording"] = [" ".join(text.split()) for text in pool["shown"].str.casefold()]
    return pool.sort_values(["theme_id", "strength", "statement_id"], ascending=[True, False, True])


def _coded(pool: pd.DataFrame) -> pd.DataFrame:
    """Return the pool with numbers in the place of texts, which are many times faster to compare; none where missing.

    Numbers of languages are in the order of the alphabet.
    """
    coded = pool[["theme_id", "sign", "position"]].copy()
    for name in ("feedback_id", "language", *_IDENTITIES):
        codes = pd.factorize(pool[name], sort=name == "language")[0]
        coded[name] = pd.Series(codes, index=pool.index, dtype=float).where(codes >= 0)
    return coded


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
    fresh = _once(part)
    turn = fresh.groupby("language").cumcount()
    weight = fresh["language"].map(part["language"].value_counts())
    order = pd.DataFrame({"turn": turn, "weight": -weight, "language": fresh["language"]})
    return fresh.loc[order.sort_values(["turn", "weight", "language"], kind="stable").index[:count]]


def _once(part: pd.DataFrame) -> pd.DataFrame:
    """Return the first statement of each comment, customer, account and wording; an unknown customer is nobody else."""
    fresh = part.drop_duplicates("feedback_id")
    for name in _IDENTITIES:
        fresh = fresh[~fresh[name].duplicated() | fresh[name].isna()]
    return fresh


def _others(part: pd.DataFrame, quoted: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of those who are not quoted yet."""
    left = part[~part["feedback_id"].isin(quoted["feedback_id"])]
    for name in _IDENTITIES:
        left = left[~left[name].isin(quoted[name].dropna())]
    return left


def _diverse(part: pd.DataFrame, quoted: pd.DataFrame, count: int, vectors: np.ndarray | None) -> pd.DataFrame:
    """Return statements each of which is farthest from all quoted before it, unheard languages first."""
    if vectors is None or not len(quoted):
        return part.iloc[:0]
    firm = part.iloc[: max(1, round(len(part) * _FIRMLY_IN))].iloc[:_POOL]
    chosen = quoted
    for _ in range(count):
        left = _others(firm, chosen)
        if not len(left):
            break
        beside, quote = (np.asarray(vectors[rows["position"].to_numpy()], dtype=np.float32) for rows in (left, chosen))
        near = beside @ quote.T
        order = pd.DataFrame({"heard": left["language"].isin(chosen["language"]), "near": near.max(axis=1).round(5)})
        best = order.sort_values(["heard", "near"], kind="stable").index[0]
        chosen = pd.concat([chosen, left.loc[[best]]])
    return chosen.iloc[len(quoted):]


def _contrary(part: pd.DataFrame, quoted: pd.DataFrame) -> pd.DataFrame:
    balance = part.drop_duplicates("feedback_id")["sign"].sum()
    if balance == 0:
        return part.iloc[:0]
    left = _others(part, quoted)
    return left[left["sign"] == (-1 if balance > 0 else 1)].iloc[:1]
