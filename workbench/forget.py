"""Forgetting one customer: taken out of everything that a study has stored, and searched for afterwards."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.embedding.cache import forget_vectors, known_keys
from workbench.embedding.statements import texts_to_embed
from workbench.errors import InputError, StoreError
from workbench.feedback import load_opened, open_sources, redact, redact_parts
from workbench.feedback.forgotten import add_forgotten
from workbench.feedback.naming import spelt
from workbench.locks import alone
from workbench.person import Person
from workbench.store import Store, Tables
from workbench.study import Study
from workbench.themes.ledger import read_ledger, write_ledger
from workbench.traces import LEAST_ID, LEAST_TEXT, find_traces, is_small_number

_BESIDE: Final = ("*.csv", "*.html", "*.xlsx")  # what `--output` and `--to` write
_LIKE_STATEMENTS: Final = ("vectors",)  # arrays with one row a statement


@dataclass
class Forgetting:
    """What was taken out, what was found afterwards, and where the customer still stands.

    Attributes
    ----------
    rows : dict
        Table name to rows removed, over all stored folders.
    folders : int
        Stored folders that were written anew.
    dropped : list of str
        Folders that were removed as a whole: unfinished ones, arrays that no stored table can be laid beside, and
        the answers of a language model, which do not say whose comments they were made of.
    vectors : int
        Rows removed from the vector cache: texts that nobody else wrote.
    source_rows : dict
        Source file to rows of this customer that still stand in it. The workbench never writes to sources.
    reports : list of pathlib.Path
        Reports and exports that show words of this customer or a comment's id, and CSV files of the study, such as
        rejected rows and codes; they are left as they are.
    left : list of str
        Where the customer was found when everything stored was searched afterwards; empty is the proof.
    """

    rows: dict[str, int] = field(default_factory=dict)
    folders: int = 0
    dropped: list[str] = field(default_factory=list)
    vectors: int = 0
    source_rows: dict[str, int] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def forget(study: Study, customer_id: str, *, reports: str | Path = "reports") -> Forgetting:
    """Remove one customer from everything that a study has stored, and keep them from coming back.

    The customer's rows leave every stored table, array, the vector cache and the theme ledgers, and words that nobody
    else used leave terms and labels; a manifest's ``forgotten`` counts how often that was done to its folder. Figures
    that were counted before stay as they were: the next analysis counts without the customer, whose rows in the source
    are from then on rejected as ``forgotten``, by a salted hash of the id in ``forgotten.csv`` beside the store. A
    codebook that names a comment of the customer is listed with the reports. Do not run it while the study is being
    analysed.

    Parameters
    ----------
    study
        Whose store to clean. Studies that share a store share the list.
    customer_id
        As the source has it.
    reports
        The folder to search for files that show the customer, besides the folder of the study.

    Returns
    -------
    Forgetting
        With ``left`` empty if nothing of the customer was found afterwards.

    Raises
    ------
    InputError
        If the id is empty, or if neither a source nor the store knows it.
    StoreError, DiskError
        If a stored folder is damaged or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.study import load_study
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("feedback_id,customer_id,text\\n1,K1,zu teuer\\n2,K2,خیلی کند\\n3,K2,بطيء\\n",
    ...                                   encoding="utf-8")
    >>> _ = (folder / "study.yaml").write_text("name: One\\nfeedback: a.csv\\n")
    >>> done = forget(load_study(folder / "study.yaml"), "K2")
    >>> done.source_rows, done.left
    ({'a.csv': 2}, [])
    """
    customer_id = customer_id.strip()
    if not customer_id:
        raise InputError("Give the customer's id as it stands in the source.")
    store = Store(study.store_folder)
    rows, comments = _in_sources(study, customer_id)
    result = Forgetting(source_rows=rows)
    person = _find(store, customer_id, study.order_number)
    if not result.source_rows and not person.comments:
        raise InputError("No source and no stored table has a customer with this id; check its spelling.")
    add_forgotten(study.forgotten_file, customer_id)
    person = replace(person, id_columns=_id_columns(study))
    known = replace(person, comments=person.comments | comments)
    _clean_ledgers(study, known)
    _drop_leftovers(store, result)
    for path, tables in _folders(store):
        _clean(store, path, tables, person, result)
    result.vectors = forget_vectors(store.vectors, person.keys)
    result.reports = find_traces(_readable(study, Path(reports)), person.texts, known.comments, person.is_named_in,
                                 partial(known.rows, "traces"))
    result.reports += _naming(study, person)
    result.left = _search(store, person)
    result.left += [file.name for file in _ledgers(study) if read_ledger(file).knows(known.comments, known.words)]
    return result


def _ledgers(study: Study) -> list[Path]:
    """Return the ledgers of all studies that share the store."""
    return sorted(study.ledger_file.parent.glob("*.themes.json"))


def _clean_ledgers(study: Study, person: Person) -> None:
    """Take the customer's statements out of the theme ledgers, where they stand as hashes, and words out of labels."""
    with alone(study.ledger_lock):
        for file in _ledgers(study):
            ledger = read_ledger(file)
            if ledger.knows(person.comments, person.words):
                write_ledger(ledger.without(person.comments, person.words), file)


def _readable(study: Study, reports: Path) -> list[Path]:
    """Return the files that may show a customer: reports, the study's pages and tables, no sources, not the store."""
    sources = {one.file.resolve() for one in open_sources(study.feedback, study.folder) if one.file is not None}
    files = [*reports.rglob("*"), *(file for kind in _BESIDE for file in study.folder.rglob(kind))]
    beside = {folder for source in sources for folder in source.parents[:2]}
    files += [file for folder in sorted(beside) for file in folder.glob("*.rejected.csv")]
    files += [study.codes_file] if study.codes_file is not None else []
    store = study.store_folder.resolve()
    return [file for file in files if file.resolve() not in sources and store not in file.resolve().parents]


def _naming(study: Study, person: Person) -> list[Path]:
    """Return the codebook if it names a comment of the customer; people write it, so it is left as it is."""
    file = study.codebook_file
    if file is None or not file.is_file():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    named = any(re.search(rf"(?<![\w.-]){re.escape(comment)}(?![\w-])", text) for comment in sorted(person.comments))
    return [file] if named else []


def _id_columns(study: Study) -> frozenset[str]:
    return frozenset(spelt(source.columns.get("customer_id", "customer_id")) for source in study.feedback)


def _in_sources(study: Study, customer_id: str) -> tuple[dict[str, int], frozenset[str]]:
    """Return how many rows of the customer each source file holds, rejected ones among them, and their comments."""
    comments, rejected, numbers, sources = load_opened(open_sources(study.feedback, study.folder))
    person = Person(customer_id, frozenset(), frozenset(), frozenset(), id_columns=_id_columns(study))
    files = []
    for name, table in (("comments", comments), ("rejected", rejected), ("numbers", numbers)):
        mine = table[person.rows(name, table)]
        files.append(mine["source_file"] if "source_file" in mine else
                     pd.Series(sources["source_file"].iloc[0], index=mine.index, dtype="str"))
    counts = pd.concat(files).value_counts()
    own = comments.loc[person.rows("comments", comments), "feedback_id"]
    return {str(name): int(count) for name, count in sorted(counts.items())}, frozenset(map(str, own))


def _find(store: Store, customer_id: str, order_number: str | None) -> Person:
    """Return what a store knows of a customer, and the cached texts that nobody else wrote."""
    comments: set[str] = set()
    for _, tables in _folders(store):
        table = tables.get("comments")
        if isinstance(table, pd.DataFrame) and "customer_id" in table:
            comments |= set(table.loc[table["customer_id"].eq(customer_id).fillna(False), "feedback_id"])
    mine, others = set(), set()
    written: dict[str, list[pd.DataFrame]] = {"comments": [], "statements": []}
    own_keys, other_keys = set(), set()
    own_words: set[str] = set()
    other_words = {""}
    for path, tables in _folders(store):
        for name in ("comments", "statements"):
            table = tables.get(name)
            if not isinstance(table, pd.DataFrame):
                continue
            is_mine = table["feedback_id"].isin(comments)
            mine |= set(table.loc[is_mine, "text"])
            written[name].append(table[is_mine])
            others |= set(table.loc[~is_mine, "text"])
            if name == "statements":
                names = _names(store, path)
                own_keys |= known_keys(texts_to_embed(table[is_mine], names))
                other_keys |= known_keys(texts_to_embed(table[~is_mine], names)) if is_mine.any() else set()
        if isinstance(words := tables.get("words"), pd.DataFrame):
            is_mine = words["statement_id"].str.rsplit("/", n=1).str[0].isin(comments)
            own_words |= set("\n".join(words.loc[is_mine, "term_forms"]).casefold().split("\n"))
            other_words |= set("\n".join(words.loc[~is_mine, "term_forms"]).casefold().split("\n"))
    texts = mine - others
    shown = {*(redact(text, order_number=order_number) for text in texts), *_parts(written, texts, order_number)}
    return Person(customer_id, frozenset(comments), frozenset(texts | shown), frozenset(own_keys - other_keys),
                   frozenset(own_words - other_words))


def _parts(written: dict[str, list[pd.DataFrame]], texts: set[str], order_number: str | None) -> list[str]:
    """Return the statements among the texts as reports show them: without what their whole comments give away."""
    if not all(written.values()):
        return []
    statements = pd.concat(written["statements"], ignore_index=True)
    whole = pd.concat(written["comments"], ignore_index=True)
    return redact_parts(statements[statements["text"].isin(texts)], whole, order_number=order_number)


def _names(store: Store, path: Path) -> list[str]:
    study = store.manifest(path).get("study", {})
    return list(study.get("names", [])) if isinstance(study, dict) else []


def _folders(store: Store) -> Iterator[tuple[Path, Tables]]:
    for kind in ("stages", "analyses"):
        for path in sorted((store.folder / kind).glob("*")):
            if path.is_dir() and not path.name.startswith("."):
                tables = store.read(path)
                if tables is not None:
                    yield path, tables


def _drop_leftovers(store: Store, result: Forgetting) -> None:
    """Remove folders that do not say whose words are in them: unfinished ones, and a language model's answers."""
    if (replies := store.folder / "replies").is_dir():
        shutil.rmtree(replies)
        result.dropped.append(replies.name)
    for kind in ("stages", "analyses"):
        for path in sorted((store.folder / kind).glob("*")):
            if path.is_dir() and (path.name.startswith(".") or not (path / "manifest.json").is_file()):
                shutil.rmtree(path)
                result.dropped.append(path.name)


def _clean(store: Store, path: Path, tables: Tables, person: Person, result: Forgetting) -> None:
    """Write a stored folder anew without the customer; one of arrays alone goes as a whole."""
    statements = tables.get("statements")
    if not isinstance(statements, pd.DataFrame) and any(name in tables for name in _LIKE_STATEMENTS):
        shutil.rmtree(path)
        result.dropped.append(path.name)
        return
    kept = {name: _without(name, value, statements, person) for name, value in tables.items()}
    if all(kept[name] is value for name, value in tables.items()):
        return
    manifest: dict[str, Any] = store.manifest(path)
    manifest["forgotten"] = int(manifest.get("forgotten", 0)) + 1
    aside = path.with_name(f".{path.name}-forgetting")
    lost = {name: len(value) - len(kept[name]) for name, value in tables.items()}
    os.replace(path, aside)
    store.write(path, {name: np.array(value) if isinstance(value, np.ndarray) else value
                       for name, value in kept.items()}, manifest)
    shutil.rmtree(aside)
    result.folders += 1
    for name, count in lost.items():
        if count:
            result.rows[name] = result.rows.get(name, 0) + count


def _without(name: str, value: pd.DataFrame | np.ndarray, statements: Any, person: Person
             ) -> pd.DataFrame | np.ndarray:
    """Return a stored value without the customer's rows and ids; the value itself if it has none."""
    if isinstance(value, np.ndarray):
        gone = person.rows("statements", statements).to_numpy() if name in _LIKE_STATEMENTS else np.zeros(1, bool)
        return value[~gone] if gone.any() else value
    mine = person.rows(name, value)
    repeats = value["duplicate_of"].isin(person.comments) if "duplicate_of" in value else mine
    if (mine | repeats).any():
        value = value[~mine].reset_index(drop=True)
        if "duplicate_of" in value:
            value["duplicate_of"] = value["duplicate_of"].mask(value["duplicate_of"].isin(person.comments))
    return person.unsaid(value)


def _search(store: Store, person: Person) -> list[str]:
    """Read everything in the store again and return where the customer still stands."""
    found = [f"{path.name}/{name}" for path, tables in _folders(store) for name, value in tables.items()
             if isinstance(value, pd.DataFrame) and _holds(name, value, person)]
    needles = [needle.encode() for needle in sorted({*person.comments, person.customer_id}) if len(needle) >= LEAST_ID]
    needles += [text.encode("utf-8", "surrogatepass") for text in sorted(person.texts) if len(text) >= LEAST_TEXT]
    for file in sorted(store.folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            if any(needle in content for needle in needles):
                found.append(str(file.relative_to(store.folder)))
    if known := forget_vectors(store.vectors, person.keys):
        raise StoreError(f"{known} vectors were written to the cache meanwhile; stop other runs and forget again.")
    return found


def _holds(name: str, table: pd.DataFrame, person: Person) -> bool:
    words = [table[column] for column in table if not pd.api.types.is_numeric_dtype(table[column])]
    ids = {one for one in person.comments | {person.customer_id} if not is_small_number(one)}  # 2 may be a theme
    sought = ids | {text for text in person.texts if len(text) >= LEAST_TEXT}
    if person.unsaid(table) is not table:
        return True
    return bool(person.rows(name, table).any()) or any(column.astype("object").isin(sought).any() for column in words)
