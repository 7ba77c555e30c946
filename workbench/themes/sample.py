"""Statements for people to code: some of each language and theme, those first that the machine is least sure of."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from workbench.arguments import check_number
from workbench.columns import UNASSIGNED_THEME
from workbench.errors import InputError, did_you_mean
from workbench.feedback import redact_parts
from workbench.feedback.hand_made import read_table
from workbench.language import counting_key
from workbench.themes.ledger import FIRST_OF_PEOPLE, LAST_OF_PEOPLE
from workbench.themes.successors import UNKNOWN, Past

SAMPLE: Final = ("statement_id", "language", "direction", "text", "drawn", "theme", "note")
_UNASSIGNED: Final = ("unassigned", "none", "-1")
_LONGEST_NUMBER: Final = 18  # digits
_ALIKE: Final = 0.6  # of the letters; two statements of one language reach 0.4 by chance
_LETTERS: Final = 500  # from the beginning, that are compared
_AS_DECIMAL: Final = re.compile(r"(-?\d+)[.,]0+")


def theme_margins(points: np.ndarray, centres: np.ndarray, theme_ids: np.ndarray, assigned: np.ndarray) -> np.ndarray:
    """Return how much nearer each statement is to its own theme than to the next one; the less, the less sure.

    For unassigned statements: how far the nearest theme is below what any theme could be.

    Parameters
    ----------
    points
        Unit length, shape ``(n, d)``.
    centres
        Unit length, shape ``(k, d)``.
    theme_ids
        Of the centres.
    assigned
        The theme of each statement.

    Examples
    --------
    >>> points = np.array([[1.0, 0.0], [0.8, 0.6]])
    >>> theme_margins(points, np.eye(2), np.array([0, 1]), np.array([0, 0])).round(2).tolist()
    [1.0, 0.2]
    """
    if not len(centres):
        return np.ones(len(points))
    similar = np.round(points @ centres.T, 5)
    place = {int(theme): row for row, theme in enumerate(theme_ids)}
    own = np.array([place.get(int(theme), UNASSIGNED_THEME) for theme in assigned], dtype=np.int64)
    rows = np.flatnonzero(own >= 0)
    margin = 1 - similar.max(axis=1)
    mine = similar[rows, own[rows]]
    similar[rows, own[rows]] = -1
    margin[rows] = mine - similar[rows].max(axis=1)
    return np.asarray(margin)


def draw_sample(statements: pd.DataFrame, assignments: pd.DataFrame, margins: np.ndarray, size: int = 200,
                seed: int = 0, order_number: str | None = None, comments: pd.DataFrame | None = None
                ) -> pd.DataFrame:
    """Return statements for people to code, without what the machine thinks of them.

    Each language and theme gives its share of the sample, and at least one while there is room. Half of what each
    gives is drawn by chance from all of it, the other half are those of the rest that the machine is least sure of; of
    those that give an odd number, every other one gives the one more by chance. Uncertain ones come first. Personal
    data are taken out of the text.

    Parameters
    ----------
    statements
        With ``statement_id, feedback_id, text, language, direction``.
    assignments
        With ``statement_id, theme_id``.
    margins
        From `theme_margins`, in the order of the statements.
    size
        Statements to draw; all, if there are no more.
    seed
        Of the draw.
    order_number
        The study's pattern of order numbers.
    comments
        The whole comments, as for `redact_parts`.

    Returns
    -------
    pandas.DataFrame
        ``statement_id, language, direction, text, drawn`` ("uncertain", "random"), and ``theme`` and ``note``, which
        are empty and for the coder to fill.

    Raises
    ------
    InputError
        If the size is less than one.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0", "c/0"], "feedback_id": ["a", "b", "c"],
    ...     "text": ["late", "دیر", "متأخر"], "language": ["en", "fa", "ar"], "direction": ["ltr", "rtl", "rtl"]})
    >>> assignments = pd.DataFrame({"statement_id": ["a/0", "b/0", "c/0"], "theme_id": 0})
    >>> draw_sample(statements, assignments, np.array([0.3, 0.1, 0.2]))["statement_id"].tolist()
    ['b/0', 'c/0', 'a/0']
    """
    check_number("size", size, 1, whole=True)
    check_number("seed", seed, 0, whole=True)
    theme = statements[["statement_id"]].merge(assignments[["statement_id", "theme_id"]], how="left")["theme_id"]
    pool = statements.assign(theme_id=theme.fillna(UNASSIGNED_THEME).to_numpy(dtype=np.int64),
                             margin=np.round(margins, 5))
    pool = pool.sort_values("statement_id", ignore_index=True)
    pool["chance"] = np.random.default_rng(seed).permutation(len(pool))
    quota = quotas(pool.groupby(["language", "theme_id"]).size(), size)
    odd = quota % 2 == 1
    unsure = quota // 2 + (odd & (odd.cumsum() % 2 == 1))
    of = pd.MultiIndex.from_frame(pool[["language", "theme_id"]])
    own, own_unsure = quota.reindex(of).to_numpy(), unsure.reindex(of).to_numpy()
    strata = ["language", "theme_id"]
    by_chance = pool.sort_values("chance").groupby(strata, sort=False).cumcount().sort_index() < own - own_unsure
    rest = pool[~by_chance].sort_values(["margin", "statement_id"]).groupby(strata, sort=False).cumcount()
    doubtful = ~by_chance & (rest.reindex(pool.index) < own_unsure)
    pool["drawn"] = np.where(doubtful, "uncertain", "random")
    chosen = pool[doubtful | by_chance].sort_values(["drawn", "margin", "statement_id"], ascending=[False, True, True])
    chosen["text"] = redact_parts(chosen, pd.DataFrame() if comments is None else comments, order_number=order_number)
    return chosen.assign(theme="", note="")[list(SAMPLE)].reset_index(drop=True)


def quotas(sizes: pd.Series, size: int) -> pd.Series:
    """Return how many statements each stratum gives: by largest remainders, one at least while there is room.

    Parameters
    ----------
    sizes
        Statements by stratum, in an order that does not hang on that of the rows.
    size
        Statements to draw.

    Examples
    --------
    >>> quotas(pd.Series({"ar": 60, "en": 38, "fa": 2}), 10).to_dict()
    {'ar': 5, 'en': 4, 'fa': 1}
    """
    total = int(sizes.sum())
    if size >= total:
        return sizes
    least = np.minimum(1, sizes) if len(sizes) <= size else sizes * 0
    exact = (sizes - least) * (size - int(least.sum())) / max(total - int(least.sum()), 1)
    quota = least + np.floor(exact).astype(int)
    order = pd.DataFrame({"left": (exact % 1).round(9), "size": sizes}).sort_values(
        ["left", "size"], ascending=False, kind="stable")
    quota.loc[order.index[: size - int(quota.sum())]] += 1
    return quota.astype(int)


def read_coding(path: str | Path, labels: pd.DataFrame, statements: pd.DataFrame, past: Past | None = None,
                order_number: str | None = None, comments: pd.DataFrame | None = None) -> pd.Series:
    """Return the theme that a coder gave to each statement.

    A theme that is no longer there stands for the one that it is part of now; where there is none, its codes are left
    out. So are codes of statements that are not there any more, or whose text is another one than what was coded.

    Parameters
    ----------
    path
        A table as `voc codebook sample` writes it, in whatever way a spreadsheet has saved it (see `read_table`), with
        ``statement_id`` and ``theme``: a number, a label in any language and spelling, or "unassigned"; empty where
        the coder gave none. ``text``, if there, is what the coder read.
    labels
        ``theme_id, language, label`` of the study.
    statements
        Those of the study.
    past
        What themes that are no longer there were called and became, from `follow_themes`.
    order_number, comments
        As for `draw_sample`.

    Returns
    -------
    pandas.Series
        ``Int64`` theme numbers by statement id. ``attrs["readings"]`` is a list of sentences on statements and themes
        that are no longer there.

    Raises
    ------
    InputError
        If the file is missing, cannot be read, lacks a column, codes a statement twice, or names no statement of the
        study, or a theme that it never had; the message names rows, never what a customer wrote.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "coding.csv"
    >>> _ = path.write_text("statement_id,theme\\na/0,3\\nb/0,صورتحساب\\nc/0,\\n", encoding="utf-8-sig")
    >>> labels = pd.DataFrame({"theme_id": [3, 5], "language": "fa", "label": ["سرعت", "صورتحساب"]})
    >>> statements = pd.DataFrame({"statement_id": ["a/0", "b/0", "c/0"], "text": ["slow", "گران", "دیر"]})
    >>> read_coding(path, labels, statements).tolist()
    [3, 5, <NA>]
    """
    file = Path(path)
    table = _filled_in(file)
    ids, given = table["statement_id"], table["theme"].map(_as_compared)
    _refuse(file, ids == "", "has a theme and no statement")
    _refuse(file, ids.duplicated(), "codes a statement that was coded in a row above")
    gone = ~ids.isin(statements["statement_id"])
    if gone.all():
        _refuse(file, gone, "names a statement that the study does not have")
    if "text" in table:
        gone |= _reads_otherwise(table, statements, order_number, comments)
    lost = int((gone & (given != "")).sum())
    ids, given = ids[~gone], given[~gone]
    names, past = _names(labels), past or Past()
    then = {name: _meant(name, past) for name in sorted(set(given) - set(names) - {""})}
    _refuse(file, given.isin([name for name, became in then.items() if became is None]),
            "names no theme of the study, or two of them by one label")
    now = {name: became for name, became in then.items() if isinstance(became, int)}
    codes = given.map({**names, **now})
    found = pd.Series(codes.to_numpy(), index=ids.to_numpy(), name=file.stem).astype("Int64")
    first = labels.drop_duplicates("theme_id").set_index("theme_id")["label"]
    readings = [f"{file.name}: codes left out, as their statements are not in the study any more (the comments were "
                f"deleted or edited, or are cut otherwise): {lost:,}."] if lost else []
    found.attrs["readings"] = readings + [
        f"{file.name}: {name!r} is read as theme {became}, {first[became]}." if isinstance(became, int) else
        f"{file.name}: {name!r} is no theme any more, codes left out: {(given == name).sum():,} ({became})."
        for name, became in then.items()]
    return found


def read_drawn(path: str | Path) -> pd.Series:
    """Return how each statement of a coding was drawn, by statement id; nothing where the file does not say.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "coding.csv"
    >>> _ = path.write_text("statement_id,theme,drawn\\na/0,3,Random\\nb/0,3,\\n", encoding="utf-8")
    >>> read_drawn(path).to_dict()
    {'a/0': 'random', 'b/0': ''}
    """
    table = _filled_in(Path(path))
    drawn = table["drawn"].str.strip().str.lower() if "drawn" in table else pd.Series("", index=table.index)
    return pd.Series(drawn.to_numpy(), index=table["statement_id"].to_numpy(), dtype="str")


def _filled_in(file: Path) -> pd.DataFrame:
    """Return the rows of a coding that say something, their ids without what keeps spreadsheets from changing them."""
    if not file.exists():
        raise InputError(f"there is no file {file}.")
    table = read_table(file)
    table.columns = pd.Index([str(name).lower() for name in table])
    for name in ("statement_id", "theme"):
        if name not in table:
            hint = did_you_mean(name, list(table.columns))
            raise InputError(f"{file.name} has no column {name!r}{hint}; expected the file that `voc codebook sample` "
                             "wrote, with themes filled in.")
    table["statement_id"] = table["statement_id"].str.strip().str.removeprefix("'")
    return table[(table["statement_id"] != "") | (table["theme"].str.strip() != "")]


def _reads_otherwise(table: pd.DataFrame, statements: pd.DataFrame, order_number: str | None,
                     comments: pd.DataFrame | None) -> pd.Series:
    """Return of which rows the text is unlike that of the statement; what a spreadsheet does to signs changes little.
    """
    own = statements[statements["statement_id"].isin(table["statement_id"])]
    shown = redact_parts(own, pd.DataFrame() if comments is None else comments, order_number=order_number)
    letters = dict(zip(own["statement_id"], map(_letters, shown), strict=True))
    read = [(text, letters.get(one, text)) for one, text in
            zip(table["statement_id"], map(_letters, table["text"]), strict=True)]
    alike = [1 if text in ("", now) else SequenceMatcher(None, text[:_LETTERS], now[:_LETTERS], autojunk=False).ratio()
             for text, now in read]
    return pd.Series(alike, index=table.index, dtype=float) < _ALIKE


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, counting_key(text, "und")))


def _as_compared(name: str) -> str:
    """Return a theme's number or label in one spelling: ``3``, ``3.0`` and ``٣`` are one, and so are لغات and لُغات."""
    key = counting_key(name.strip().removeprefix("'").replace("\N{MINUS SIGN}", "-"), "und")
    return _AS_DECIMAL.sub(r"\1", key) if _AS_DECIMAL.fullmatch(key) else key


def _names(labels: pd.DataFrame) -> dict[str, int]:
    """Return what a coder may write for each theme; a label that two themes have is none."""
    cells = labels.assign(name=labels["label"].map(_as_compared))[["name", "theme_id"]].drop_duplicates()
    cells = cells[~cells["name"].duplicated(keep=False)]
    numbers = {str(int(theme)): int(theme) for theme in labels["theme_id"]}
    words = {str(name): int(theme) for name, theme in zip(cells["name"], cells["theme_id"], strict=True)}
    return {**words, **numbers, **dict.fromkeys(_UNASSIGNED, UNASSIGNED_THEME)}


def _meant(name: str, past: Past) -> int | str | None:
    """Return what a name that no theme has now stands for, or why its theme is gone; none if it never was one's."""
    if name.isdecimal():
        number = int(name[:_LONGEST_NUMBER])
        return past.into.get(number, UNKNOWN if FIRST_OF_PEOPLE <= number <= LAST_OF_PEOPLE else None)
    themes = {theme for once, owners in past.names.items() if _as_compared(once) == name for theme in owners}
    became = {past.follow(theme) for theme in themes}
    return next(iter(became)) if len(became) == 1 else None


def _refuse(file: Path, wrong: pd.Series, what: str) -> None:
    if wrong.any():
        rows = "the only such row" if wrong.sum() == 1 else f"{int(wrong.sum()):,} such rows"
        raise InputError(f"{file.name}, row {wrong.idxmax()} {what} ({rows}).")
