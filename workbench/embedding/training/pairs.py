"""Parallel pairs from files: read, checked row by row, what cannot be used told with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import InputError, did_you_mean
from workbench.language import language_codes

REQUIRED = ("text", "language", "english")
SPLITS = ("train", "validation")
COLUMNS = ("text", "language", "english", "kind", "source", "licence", "share_alike", "split")
REASONS = ("empty_text", "empty_english", "unknown_language", "unknown_split", "wrong_script", "english_not_english",
           "too_long", "duplicate")
LONGEST = 2000
# How much a row counts for its language: what the workbench is for, neighbours of it, others.
_FIRST = ("ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "en", "rom", "und")
_SECOND = ("ur", "id", "ko", "pl")
_WEIGHTS = (1.0, 0.6, 0.25)
_ARABIC = "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"
_SCRIPTS = {
    "ar": _ARABIC, "fa": _ARABIC, "ur": _ARABIC, "he": "\u0590-\u05ff", "hi": "\u0900-\u097f", "el": "\u0370-\u03ff",
    "th": "\u0e00-\u0e7f", "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", "ja": "\u3005\u3040-\u30ff\u3400-\u9fff",
    "zh": "\u3400-\u9fff", "ru": "\u0400-\u04ff", "uk": "\u0400-\u04ff", "bg": "\u0400-\u04ff",
}
_NOT_LATIN = "[" + "".join(dict.fromkeys(_SCRIPTS.values())) + "]"
_YES, _NO = ("true", "1", "1.0", "yes"), ("false", "0", "0.0", "no", "")
_PLAIN = {"kind": "sent", "licence": "not stated", "split": "train"}


def read_pairs(paths: Sequence[str | Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs that can be trained on, and the rows that cannot, each with its reason.

    A row is rejected if a side is empty, if its language is no code, if its split is none of the two, if its text has
    no letter of its language's script, if its English side is written in another script, if a side is longer than
    2,000 characters, or if the same pair stands before it.

    Parameters
    ----------
    paths
        CSV or Parquet files with ``text``, ``language`` (ISO 639 code, of two letters where there is one; ``rom`` for
        Arabic or Persian in Latin letters, ``und`` for emoji) and ``english``; optional are ``kind`` (``sent`` when
        absent or empty), ``source`` (the file), ``licence``, ``share_alike`` (yes or no; no) and ``split`` (``train``
        or ``validation``; ``train``).

    Returns
    -------
    pairs : pandas.DataFrame
        The columns above, complete.
    rejected : pandas.DataFrame
        ``file``, ``row_number`` (from 1), ``reason`` (one of `REASONS`), and the row as read.

    Raises
    ------
    InputError
        If a file cannot be read, lacks a required column, or has something else than yes and no under ``share_alike``.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "pairs.csv"
    >>> _ = file.write_text("text,language,english\\nتأخر,ar,late\\nدیر,fa,\\nspät,de,late\\nlate,ar,late\\n")
    >>> pairs, rejected = read_pairs([file])
    >>> len(pairs), rejected[["row_number", "reason"]].values.tolist()
    (2, [[2, 'empty_english'], [4, 'wrong_script']])
    """
    parts = [_complete(read_table(Path(path)), Path(path)) for path in paths]
    if not parts:
        raise InputError("Name at least one table of pairs: columns text, language and english.")
    table = pd.concat(parts, ignore_index=True)
    reason = check_rows(table)
    kept = reason.eq("")
    rejected = table[~kept].assign(reason=reason[~kept])
    pairs = table.loc[kept, list(COLUMNS)].reset_index(drop=True)
    return pairs, rejected[["file", "row_number", "reason", *COLUMNS]].reset_index(drop=True)


def check_rows(table: pd.DataFrame) -> pd.Series:
    """Return the first reason against each row of a table of pairs, or an empty string.

    Examples
    --------
    >>> check_rows(pd.DataFrame({"text": ["账单", "bill", ""], "language": ["zh", "fa", "de"],
    ...     "english": ["bill", "bill", "bill"]})).tolist()
    ['', 'wrong_script', 'empty_text']
    """
    text, english, language = table["text"], table["english"], table["language"]
    reason = pd.Series("", index=table.index, dtype=object)
    wrong = pd.Series(False, index=table.index)
    for code, letters in _SCRIPTS.items():
        mine = language.eq(code)
        wrong[mine] = ~text[mine].str.contains(f"[{letters}]")
    faults = {
        "empty_text": text.str.strip().eq(""),
        "empty_english": english.str.strip().eq(""),
        "unknown_language": ~language.isin(_languages()),
        "unknown_split": ~table["split"].isin(SPLITS) if "split" in table else False,
        "wrong_script": wrong,
        "english_not_english": english.str.contains(_NOT_LATIN) & ~english.str.contains("[A-Za-z]"),
        "too_long": text.str.len().gt(LONGEST) | english.str.len().gt(LONGEST),
        "duplicate": table.duplicated(["text", "language", "english"]),
    }
    for name, fault in faults.items():
        reason[fault & reason.eq("")] = name
    return reason


@cache
def _languages() -> frozenset[str]:
    """Return the codes of languages in small letters, of two letters where a language has one."""
    return frozenset(code for code in language_codes() if code.isalpha())


def count_reasons(rejected: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of each file were rejected for what: ``file``, ``reason``, ``count``.

    Examples
    --------
    >>> count_reasons(pd.DataFrame({"file": ["a.csv"] * 2, "reason": ["empty_text"] * 2})).values.tolist()
    [['a.csv', 'empty_text', 2]]
    """
    return rejected.groupby(["file", "reason"], sort=True).size().rename("count").reset_index()


def language_weight(language: pd.Series) -> np.ndarray:
    """Return how much a row counts for its language.

    Examples
    --------
    >>> language_weight(pd.Series(["fa", "ko", "sv"])).tolist()
    [1.0, 0.6, 0.25]
    """
    first, second, others = _WEIGHTS
    return np.where(language.isin(_FIRST), first, np.where(language.isin(_SECOND), second, others))


def read_marks(table: pd.DataFrame, file: str) -> pd.Series:
    """Return which rows of a table are under a share-alike licence; none without the column ``share_alike``.

    Raises
    ------
    InputError
        If the column holds something else than yes and no: a row must not be taken for free by mistake.

    Examples
    --------
    >>> read_marks(pd.DataFrame({"share_alike": ["Yes", "", None, 1.0]}), "pairs.csv").tolist()
    [True, False, False, True]
    """
    if "share_alike" not in table:
        return pd.Series(False, index=table.index)
    marks = read_cells(table, "share_alike").str.strip().str.lower()
    known = marks.map(dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False))
    if known.isna().any():
        row = int(np.flatnonzero(known.isna())[0])
        raise InputError(f"{file}, row {row + 1}: share_alike is {marks.iloc[row]!r}; write yes or no, true or false, "
                         "1 or 0.")
    return known.astype(bool)


def read_table(path: Path) -> pd.DataFrame:
    """Return a CSV table, every cell as a string, or a Parquet one as it is.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError, UnicodeDecodeError) as error:  # pandas and pyarrow parse errors are ValueErrors
        raise InputError(f"The table {path} cannot be read ({type(error).__name__}); a CSV file in UTF-8 or a Parquet "
                         "file is needed.") from error


def _complete(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a table with all columns of pairs, as plain strings and one truth value."""
    missing = [name for name in REQUIRED if name not in table]
    if missing:
        near = "".join(did_you_mean(name, map(str, table.columns)) for name in missing)
        raise InputError(f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}{near}; "
                         f"pairs need {', '.join(REQUIRED)}.")
    out = pd.DataFrame({name: read_cells(table, name) for name in COLUMNS if name != "share_alike"})
    for name, plain in (_PLAIN | {"source": path.name}).items():
        out[name] = out[name].str.strip().where(out[name].str.strip().ne(""), plain)
    return out.assign(share_alike=read_marks(table, path.name), file=path.name, row_number=range(1, len(out) + 1))


def read_cells(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of a table as plain strings; what is missing is empty.

    Examples
    --------
    >>> read_cells(pd.DataFrame({"source": ["ours", None]}), "source").tolist()
    ['ours', '']
    """
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    return table[name].astype(object).where(table[name].notna(), "").astype(str)
