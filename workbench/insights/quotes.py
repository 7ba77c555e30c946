"""Quotes that show a theme: typical ones, ones that differ from each other, and one that speaks against the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED_THEME
from workbench.feedback import redact_parts
from workbench.language import direction_of, is_courtesy

_SHORTEST, _LONGEST, _WHOLE_COMMENT = 12, 280, 240
_POOL = 400  # statements of a theme among which different ones are looked for
_BLOCK = 65_536  # statements
_FIRMLY_IN = 0.5  # of a theme's statements, by strength
_RARE = 0.01  # of the comments: such a language is likely a mistake
_TOLD, _FIRMLY_TOLD = 0.5, 0.8  # of a tone, from 0 to 1
_ROLES = ("typical", "diverse", "contrary")
_IDENTITIES = ("feedback_id", "customer_id", "account_id", "wording")
COLUMNS = ["theme_id", "role", "rank", "statement_id", "feedback_id", "language", "direction", "text"]


def choose_quotes(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame,
                  typical: int = 4, *, diverse: int = 2, vectors: np.ndarray | None = None,
                  tone: pd.DataFrame | None = None, order_number: str | None = None,
                  longest_whole: int = _WHOLE_COMMENT) -> pd.DataFrame:
    """Return quotes for each theme, with personal data taken out.

    A quote is a statement of the theme; where its whole comment is short, the comment is quoted, since a reader
    wants to know what it was about. Within a theme nobody is quoted twice: no customer, no account, no wording. Nor is
    anybody in two themes, as long as a theme has others to quote in that role; typical quotes are chosen before all
    others, and of themes in which few people speak first. What is courtesy and nothing else ("best regards") is quoted
    where there is nothing else.

    * Typical are those nearest to the theme's centre, one language after the other, the language that speaks most
      of the theme first. A language of less than one comment in a hundred takes no turn: it is often mistaken.
    * Diverse are those farthest from every quote chosen before, among the half of the theme that is nearest to its
      centre; a language that was not quoted yet comes first. They need `vectors`.
    * Contrary is the one most typical of the theme among those who speak against the rest, firmly if there are such:
      by the tone of the statement where tones are known, else by the customer's score. Without such a voice there is
      none.

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
        ``statement_id``, ``tone`` (-1 bad, 0 neither, 1 good) and perhaps ``score`` (-1 to 1, how firmly it is told)
        and ``abstained``, where it is not sure; what is not told is filled in from the customer's score.
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
    check_tables(statements=statements, assignments=assignments, comments=comments)
    pool = _pool(statements, assignments, comments, tone, longest_whole)
    parts = _parts(pool)
    chosen = _choose(parts, typical, diverse, vectors)
    roles = [(part.first + row, role, part.theme) for part, own in zip(parts, chosen, strict=True)
             for role, rows in zip(_ROLES, own, strict=True) for row in rows]
    if not roles:
        return pd.DataFrame(columns=COLUMNS)
    places, kinds, themes = zip(*roles, strict=True)
    positions = pool.iloc[list(places)]["position"].to_numpy()
    quotes = statements.iloc[positions].reset_index(drop=True).assign(role=kinds, theme_id=themes)
    quotes["rank"] = quotes.groupby(["theme_id", "role"]).cumcount() + 1
    shown = _shown(quotes, comments, pd.Index(comments["feedback_id"]), longest_whole)
    quotes["direction"] = [direction_of(text) for text in shown]
    quotes["text"] = redact_parts(quotes.assign(text=shown), comments, order_number=order_number)
    return quotes[COLUMNS]


def _pool(statements: pd.DataFrame, assignments: pd.DataFrame, comments: pd.DataFrame,
          tone: pd.DataFrame | None, longest_whole: int) -> pd.DataFrame:
    """Return the statements of every theme that are fit to be quoted, most typical first.

    ``sign`` is which side it is on, ``firmness`` how firmly that is told, ``position`` its place among the vectors,
    ``wording`` what would be quoted, as a number: a table of all these texts would be twice as large as all that was
    written. ``empty`` is whether that is courtesy alone.
    """
    fit = statements["text"].str.len().between(_SHORTEST, _LONGEST).to_numpy(dtype=bool)
    pool = statements.loc[fit, ["statement_id", "feedback_id", "language"]].assign(position=np.flatnonzero(fit))
    themed = assignments.loc[assignments["theme_id"] != UNASSIGNED_THEME, ["statement_id", "theme_id", "strength"]]
    pool = pool.merge(themed, on="statement_id")
    facts = pd.DataFrame({"feedback_id": comments["feedback_id"], "sign": _sign(comments), "firmness": 1.0})
    for name in ("customer_id", "account_id"):
        facts[name] = comments.get(name, pd.Series(None, index=comments.index, dtype=object))
    pool = pool.merge(facts, on="feedback_id")
    if tone is not None:
        sure = tone[~tone["abstained"].astype(bool)] if "abstained" in tone else tone
        sure = sure.drop_duplicates("statement_id").set_index("statement_id")
        pool["sign"] = pool["statement_id"].map(sure["tone"].astype("float64").clip(-1, 1)).fillna(pool["sign"])
        if "score" in sure:
            pool["firmness"] = pool["statement_id"].map(sure["score"].abs()).fillna(pool["firmness"])
    pool["wording"], pool["empty"] = _wordings(statements, pool["position"].to_numpy(), comments, longest_whole)
    return pool.sort_values(["theme_id", "strength", "statement_id"], ascending=[True, False, True])


def _wordings(statements: pd.DataFrame, rows: np.ndarray, comments: pd.DataFrame,
              longest_whole: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a hash of what would be quoted of each row, alike where only case and spaces differ, and which of it is
    courtesy alone; some at a time."""
    known, found = pd.Index(comments["feedback_id"]), np.empty(len(rows), dtype=np.uint64)
    empty = np.zeros(len(rows), dtype=bool)
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        shown = _shown(statements.iloc[rows[part]], comments, known, longest_whole).str.casefold()
        words = np.array([" ".join(text.split()) for text in shown], dtype=object)
        found[part] = pd.util.hash_array(words, categorize=False)
        empty[part] = [is_courtesy(text) for text in words]
    return found, empty


def _shown(statements: pd.DataFrame, comments: pd.DataFrame, known: pd.Index, longest_whole: int) -> pd.Series:
    """Return what would be quoted of each statement: its whole comment where that is short, else its own text."""
    texts = statements["text"].reset_index(drop=True)
    if "text" not in comments:
        return texts
    place = known.get_indexer(pd.Index(statements["feedback_id"]))
    whole = comments["text"].reset_index(drop=True).reindex(place).reset_index(drop=True)
    return texts.mask((whole.str.len() <= longest_whole).fillna(False).astype(bool), whole)


def _sign(comments: pd.DataFrame) -> pd.Series:
    """Return 1 where a comment's score is good, -1 where it is bad, 0 between or without a score."""
    sign = pd.Series(0, index=comments.index)
    if {"rating", "rating_max"} <= set(comments):
        share = comments["rating"] / comments["rating_max"]
        sign = sign.mask(share >= 0.8, 1).mask(share <= 0.4, -1)
    if "nps" in comments:
        sign = sign.mask(comments["nps"] >= 9, 1).mask(comments["nps"] <= 6, -1)
    return sign


def _parts(pool: pd.DataFrame) -> list[_Part]:
    """Return the themes of a sorted pool, everything numbered: many times faster to compare than texts."""
    themes, firsts = np.unique(pool["theme_id"].to_numpy(), return_index=True)
    who = np.column_stack([pd.factorize(pool[name])[0].astype(np.int32) for name in _IDENTITIES])
    language = pd.factorize(_turns_of(pool), sort=True)[0]
    sign, position = pool["sign"].to_numpy(dtype=float), pool["position"].to_numpy()
    firmness, empty = pool["firmness"].to_numpy(dtype=float), pool["empty"].to_numpy(dtype=bool)
    ends = [*map(int, firsts), len(pool)]
    return [_Part(theme, first, who[first:last], language[first:last], sign[first:last], firmness[first:last],
                  position[first:last], empty[first:last])
            for theme, (first, last) in zip(themes, pairwise(ends), strict=True)]


def _turns_of(pool: pd.DataFrame) -> pd.Series:
    """Return in whose turn each statement is: its language's, or the commonest one's where its own is hardly spoken."""
    comments = pool.groupby("language")["feedback_id"].nunique()
    rare = comments.index[comments < _RARE * comments.sum()]
    return pool["language"].mask(pool["language"].isin(rare), comments.idxmax()) if len(rare) else pool["language"]


def _choose(parts: list[_Part], typical: int, diverse: int, vectors: np.ndarray | None) -> list[list[list[int]]]:
    """Return for each theme the rows of its typical, diverse and contrary quotes.

    Who is quoted in one theme comes last in the others. Where few people speak the choice is least, so that such themes
    choose first.
    """
    chosen: list[list[list[int]]] = [[] for _ in parts]
    most = [max((int(part.who[:, column].max()) for part in parts), default=-1) for column in range(len(_IDENTITIES))]
    quoted = [np.zeros(last + 2, dtype=bool) for last in most]  # the last place is for who is not known
    order = sorted(range(len(parts)), key=lambda number: (parts[number].people, number))
    for role in _ROLES:
        for number in order:
            part, own = parts[number], [row for rows in chosen[number] for row in rows]
            known = part.known(quoted) + 2 * part.empty
            rows = part.typical(typical, known) if role == "typical" else \
                part.diverse(own, diverse, vectors, known) if role == "diverse" else part.contrary(own, known)
            chosen[number].append(rows)
            for whose, column in zip(quoted, part.who.T, strict=True):
                whose[column[rows]] = True
                whose[-1] = False
    return chosen


@dataclass(frozen=True)
class _Part:
    """The statements of one theme in numbers, most typical first; ``first`` is where they begin in the pool.

    ``who`` has a column each for comment, customer, account and wording, -1 where it is not known; languages are in the
    order of the alphabet. Where `known` is asked for, it is larger the later a statement is to be quoted.
    """

    theme: Any
    first: int
    who: np.ndarray
    language: np.ndarray
    sign: np.ndarray
    firmness: np.ndarray
    position: np.ndarray
    empty: np.ndarray

    @cached_property
    def people(self) -> int:
        """How many could be quoted without anybody being quoted twice."""
        return len(self._once(np.arange(len(self.who))))

    def _once(self, rows: np.ndarray) -> np.ndarray:
        """Return the first of each comment, customer, account and wording."""
        for whose in self.who.T:
            rows = rows[_first(whose[rows])]
        return rows

    def known(self, quoted: list[np.ndarray]) -> np.ndarray:
        """Return which statements are of a comment, customer, account or wording that is quoted in some theme."""
        return np.any([whose[column] for whose, column in zip(quoted, self.who.T, strict=True)], axis=0)

    def typical(self, count: int, known: np.ndarray) -> list[int]:
        """Return the first of each comment, customer, account and wording, the languages taking turns."""
        rows = self._once(np.argsort(known, kind="stable"))
        language = self.language[rows]
        weight = np.bincount(self.language)[language]
        return [int(row) for row in rows[np.lexsort((language, -weight, _turn(language), known[rows]))[:count]]]

    def others(self, quoted: list[int], most: int | None = None) -> np.ndarray:
        """Return the statements, among so many, of those who are not quoted yet; an unknown customer is nobody else."""
        who = self.who[:most]
        left = np.ones(len(who), dtype=bool)
        for place, whose in enumerate(who.T):
            known = self.who[quoted, place]
            left &= ~np.isin(whose, known[known >= 0])
        return np.flatnonzero(left)

    def diverse(self, quoted: list[int], count: int, vectors: np.ndarray | None, known: np.ndarray) -> list[int]:
        """Return statements each of which is farthest from all quoted before it, unheard languages first."""
        chosen = list(quoted)
        if vectors is None or not quoted:
            return []
        firm = min(max(1, round(len(self.who) * _FIRMLY_IN)), _POOL)
        for _ in range(count):
            left = self.others(chosen, firm)
            if not len(left):
                break
            beside, quote = (np.asarray(vectors[self.position[rows]], dtype=np.float32) for rows in (left, chosen))
            near = beside @ quote.T
            heard = np.isin(self.language[left], self.language[chosen])
            chosen.append(int(left[np.lexsort((near.max(axis=1).round(5), heard, known[left]))[0]]))
        return chosen[len(quoted):]

    def contrary(self, quoted: list[int], known: np.ndarray) -> list[int]:
        """Return the first statement of those not quoted that surely speaks against the most, firmly if one does.

        Few speak against the most, so that of those who seem to many do not.
        """
        balance = self.sign[_first(self.who[:, 0])].sum()
        left = self.others(quoted)
        against = left[(self.sign[left] == -np.sign(balance)) & (self.firmness[left] >= _TOLD)] if balance else left[:0]
        order = np.lexsort((known[against], self.firmness[against] < _FIRMLY_TOLD, self.empty[against]))
        return [int(row) for row in against[order][:1]]


def _first(codes: np.ndarray) -> np.ndarray:
    """Return which rows are the first of their number, or have none."""
    found = codes < 0
    found[np.unique(codes, return_index=True)[1]] = True
    return found


def _turn(codes: np.ndarray) -> np.ndarray:
    """Return how many rows before each have the same number."""
    order = np.argsort(codes, kind="stable")
    ranked = codes[order]
    turn = np.empty(len(codes), dtype=np.int64)
    turn[order] = np.arange(len(codes)) - np.searchsorted(ranked, ranked)
    return turn
