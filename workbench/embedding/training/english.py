"""Tables of single texts: English without a translation for the teacher, and sentences that a model is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.embedding.training.pairs import read_cells, read_marks, read_table
from workbench.errors import InputError

_FEW = {"service_dialogue": 20_000, "definition": 50_000}


def read_english(files: Sequence[str | Path], share_alike: bool) -> pd.DataFrame:
    """Return the English-only texts that the teacher reads: of repetitive kinds a seeded sample.

    Parameters
    ----------
    files
        CSV or Parquet files with ``text``; optional are ``kind``, ``source``, ``licence`` and ``share_alike``.
    share_alike
        Whether rows under share-alike licences are used.

    Returns
    -------
    pandas.DataFrame
        ``text`` (each once), ``source`` (the file where none is stated), ``licence``, ``share_alike``.

    Raises
    ------
    InputError
        If a file cannot be read, lacks ``text``, or has something else than yes and no under ``share_alike``.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "english.csv"
    >>> _ = file.write_text("text,licence\\nlate again,CC0\\nlate again,CC0\\n,CC0\\nwrong bill,\\n")
    >>> sorted(read_english([file], share_alike=True).values.tolist())
    [['late again', 'english.csv', 'CC0', False], ['wrong bill', 'english.csv', 'not stated', False]]
    """
    parts = []
    for file in files:
        table = read_texts(file)
        table = table.assign(share_alike=read_marks(table, Path(file).name))
        if not share_alike:
            table = table[~table["share_alike"]]
        kinds = table["kind"].astype(str) if "kind" in table else pd.Series("text", index=table.index)
        for kind, group in table.sort_values("text").groupby(kinds, sort=True):
            chosen = group.sample(min(len(group), _FEW.get(str(kind), len(group))), random_state=0)
            parts.append(_with_source(chosen, Path(file).name))
    columns = ["text", "source", "licence", "share_alike"]
    return pd.concat(parts).drop_duplicates("text")[columns] if parts else pd.DataFrame(columns=columns, dtype=object)


def read_texts(file: str | Path) -> pd.DataFrame:
    """Return a table with the column ``text``, without its empty rows.

    Raises
    ------
    InputError
        If it cannot be read or lacks that column.
    """
    path = Path(file)
    table = read_table(path)
    if "text" not in table:
        raise InputError(f"{path.name} lacks the column text.")
    table = table[table["text"].notna()].astype({"text": str})
    return table[table["text"].str.strip().ne("")]


def _with_source(table: pd.DataFrame, file: str) -> pd.DataFrame:
    plain = {"source": file, "licence": "not stated"}
    stated = {name: read_cells(table, name) for name in plain}
    return table.assign(**{name: cells.where(cells.str.strip().ne(""), plain[name]) for name, cells in stated.items()})
