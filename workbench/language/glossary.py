"""A study's own terms: counted as one concept however they are said, and warned about where they were mistranslated."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.arguments import check_path, check_texts
from workbench.errors import StudyError
from workbench.feedback.hand_made import separator_of
from workbench.language.normalise import counting_key
from workbench.language.stems import stem
from workbench.language.tokens import count_terms, stop_words, tokenise

COLUMNS: Final = ("concept", "language", "term", "mistranslation")
_YES: Final = frozenset({"yes", "true", "1", "x"})
_NO: Final = frozenset({"", "no", "false", "0"})

_SHORT: Final = 3  # "of", "the": stop words that a term may have or lack

Keys = tuple[str, ...]
Terms = dict[str, dict[str, list[tuple[Keys, str, str]]]]


@dataclass(frozen=True)
class Glossary:
    """Terms by language and by the key of their first word, longest first.

    Attributes
    ----------
    right, wrong : dict
        ``{language: {first key: [(keys, concept, term), ...]}}`` of terms and of known mistranslations; for right
        terms ``term`` is the first one that the glossary has for the concept in the language.
    left_out : dict
        Stop words of each language, without those that a term needs.
    """

    right: Terms = field(default_factory=dict)
    wrong: Terms = field(default_factory=dict)
    left_out: dict[str, frozenset[str]] = field(default_factory=dict)

    def count_terms(self, text: str, language: str) -> list[tuple[str, str]]:
        """Return ``(key, surface)`` of the content words of a text, the terms of one concept under one key.

        As `workbench.language.count_terms`, with each term of the glossary as one entry: its key is the concept,
        its surface the concept's first term in the language.
        """
        counted = count_terms(text, language)
        table = self.right.get(language)
        if not table:
            return counted
        words, place, result = self._words(text, language), 0, []
        plain = set(counted)
        while place < len(words):
            hit = next(_hits(words, place, table), None)
            if hit:
                result.append((f"concept {hit[1]}", hit[2]))
            elif words[place] in plain:
                result.append(words[place])
            place += len(hit[0]) if hit else 1
        return result

    def mistranslations(self, text: str, language: str) -> list[tuple[str, str]]:
        """Return ``(concept, term)`` of every known mistranslation in a text, once each, in order."""
        table = self.wrong.get(language)
        if not table:
            return []
        words = self._words(text, language)
        return list(dict.fromkeys(
            (concept, term) for place in range(len(words)) for _, concept, term in _hits(words, place, table)))

    def _words(self, text: str, language: str) -> list[tuple[str, str]]:
        return count_terms(text, language, stop_words=self.left_out.get(language, frozenset()))


def _hits(words: list[tuple[str, str]], place: int, table: dict[str, list[tuple[Keys, str, str]]]
          ) -> Iterator[tuple[Keys, str, str]]:
    """Yield the terms that begin at a word, longest first."""
    for keys, concept, term in table.get(words[place][0], []):
        if tuple(key for key, _ in words[place:place + len(keys)]) == keys:
            yield keys, concept, term


def load_glossary(path: str | Path, languages: Iterable[str]) -> Glossary:
    """Return the glossary in a CSV file.

    One row a term: the ``concept`` that it names (any word, the same for all its terms), its ``language`` (ISO 639-1;
    empty for every language), the ``term`` (one word or several), and ``mistranslation``, ``yes`` where the term is a
    wrong rendering of the concept that machine translation is known to make. Terms are compared as words are counted:
    whatever their spelling, their article, number or case.

    Parameters
    ----------
    path
        UTF-8, with a header, separated by commas, semicolons or tabs.
    languages
        What an empty ``language`` stands for.

    Returns
    -------
    Glossary

    Raises
    ------
    StudyError
        If the file is missing, is not UTF-8, lacks a column, or has a row without concept or term, with a
        term that has no countable word, with another word under ``mistranslation``, or that gives one term to two
        concepts.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "glossary.csv"
    >>> _ = file.write_text("concept,language,term,mistranslation\\nvoc,en,voice of the customer,\\nvoc,en,VoC,\\n"
    ...     "voc,ar,صوت العميل,\\nvoc,ar,المركبات العضوية المتطايرة,yes\\n", encoding="utf-8")
    >>> glossary = load_glossary(file, ["en", "ar"])
    >>> [glossary.count_terms(text, "en")[0] for text in ("our VOC team", "Voice of the Customer")]
    [('concept voc', 'voice of the customer'), ('concept voc', 'voice of the customer')]
    >>> [glossary.mistranslations(text, "ar") for text in ("برنامج صوت العميل", "برنامج للمركبات العضوية المتطايرة")]
    [[], [('voc', 'المركبات العضوية المتطايرة')]]
    """
    check_path("path", path)
    check_texts("languages", languages)
    file = Path(path)
    every = list(languages)
    rows = [(line, language, *_read(file, line, row)) for line, row in _rows(file)
            for language in ([row["language"].strip().lower()] if row["language"].strip() else every)]
    left_out = _stop_words(rows)
    glossary = Glossary({}, {}, left_out)
    seen: dict[tuple[str, Keys], tuple[str, int]] = {}
    shown: dict[tuple[str, str], str] = {}
    for line, language, concept, term, is_wrong in rows:
        keys = tuple(key for key, _ in count_terms(term, language, stop_words=left_out[language]))
        if not keys:
            raise StudyError(f"{file.name}:{line}: the term has no word that can be counted; give one with letters.")
        other, first = seen.setdefault((language, keys), (concept, line))
        if other != concept:
            raise StudyError(f"{file.name}:{line}: this term already belongs to another concept (line {first}).")
        table = (glossary.wrong if is_wrong else glossary.right).setdefault(language, {})
        shown_as = term if is_wrong else shown.setdefault((language, concept), term)
        table.setdefault(keys[0], []).append((keys, concept, shown_as))
    for by_first in (*glossary.right.values(), *glossary.wrong.values()):
        for entries in by_first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry))
    return glossary


def _stop_words(rows: list[tuple[int, str, str, str, bool]]) -> dict[str, frozenset[str]]:
    """Return the stop words of each language, without the longer ones that stand in a term."""
    needed: dict[str, set[str]] = {}
    for _, language, _, term, _ in rows:
        words = {counting_key(word, language) for word in tokenise(term, language)}
        alone = words if len(words) == 1 else {word for word in words if len(word) > _SHORT}
        needed.setdefault(language, set()).update(stem(word, language) for word in alone)
    return {language: frozenset(word for word in stop_words(language) if stem(word, language) not in stems)
            for language, stems in needed.items()}


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter=separator_of(file))
            rows = [(reader.line_num, {name: value or "" for name, value in row.items() if name in COLUMNS})
                    for row in reader]
            header = reader.fieldnames or []
    except FileNotFoundError:
        raise StudyError(f"There is no glossary {file}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StudyError(f"The glossary {file.name} cannot be read as UTF-8 CSV.") from error
    missing = [name for name in COLUMNS[:3] if name not in header]
    if missing:
        raise StudyError(f"The glossary {file.name} lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)}.")
    return rows


def _read(file: Path, line: int, row: dict[str, str]) -> tuple[str, str, bool]:
    concept, term = row["concept"].strip(), row["term"].strip()
    if not concept or not term:
        raise StudyError(f"{file.name}:{line}: a row needs a concept and a term.")
    flag = row.get("mistranslation", "").strip().lower()
    if flag not in _YES | _NO:
        raise StudyError(f"{file.name}:{line}: mistranslation should be yes or empty.")
    return concept, term, flag in _YES
