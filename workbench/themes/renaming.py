"""What a codebook does to names and words of themes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.language import counting_key, script_of
from workbench.themes.codebook import Codebook, Line, Words
from workbench.themes.corrections import APPLIED, CONFLICT, STALE, Outcome
from workbench.themes.ledger import FIRST_OF_PEOPLE, LAST_OF_PEOPLE, Run

_JOINT: Final = " · "
_NO_LANGUAGE: Final = "no_such_language"
_APART: Final = ("Latn", "Cyrl", "Grek", "Deva", "Armn", "Geor", "Hebr")
DESCRIPTIONS: Final = ("theme_id", "language", "text")


def forbid_terms(terms: pd.DataFrame, labels: pd.DataFrame, codebook: Codebook, outcome: Outcome
                 ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return terms and labels without the terms that are never shown.

    A label loses the parts that hold a forbidden term; one that has nothing left takes the theme's next terms.

    Examples
    --------
    >>> from workbench.themes.codebook import Forbid, Line
    >>> terms = pd.DataFrame({"theme_id": 0, "language": "en", "rank": [1, 2], "term": ["Acme", "late"]})
    >>> labels = pd.DataFrame({"theme_id": [0], "language": ["en"], "label": ["Acme · late"]})
    >>> rules = Codebook((Line(1, "forbid", Forbid(forbid="acme")),))
    >>> terms, labels = forbid_terms(terms, labels, rules, Outcome())
    >>> terms["term"].tolist(), labels["label"].tolist()
    (['late'], ['late'])
    """
    all_terms, all_labels = terms, labels
    for line in codebook.of("forbid"):
        word = line.rule.forbid
        if not isinstance(word, str):
            continue
        is_there = _holding(all_terms["term"], all_terms["language"], word).any() or _part_holds(all_labels, word).any()
        outcome.add(line, None, APPLIED if is_there else STALE, "" if is_there else "matches_nothing")
        in_terms = _holding(terms["term"], terms["language"], word)
        in_labels = _part_holds(labels, word)
        terms = terms[~in_terms].reset_index(drop=True)
        if "rank" in terms and in_terms.any():
            terms["rank"] = terms.groupby(["theme_id", "language"], sort=False).cumcount() + 1
        labels = labels.assign(label=[_without(row, word, terms) if held else row["label"] for row, held in
                                      zip(labels.to_dict("records"), in_labels, strict=True)])
    return terms, labels


def by_number(codebook: Codebook, labels: pd.DataFrame, baseline: Run | None, outcome: Outcome
              ) -> tuple[Codebook, dict[str, int]]:
    """Return the codebook with numbers where a ``rename`` gives a theme's name, and which number each name stands for.

    Labels of ``split`` are such names, too.

    A name stands for the theme that has it now in any language, or had it in the run before, there also as a language
    model proposed it. Names of themes change with the comments: what a name once stood for the ledger keeps. A name
    that no theme has, or several, is reported, and its rule left out.

    Parameters
    ----------
    codebook
        The rules.
    labels
        ``theme_id, label`` before any rule gives names.
    baseline
        The run that this one is held against.
    outcome
        Collects what became of each rule.

    Examples
    --------
    >>> from workbench.themes.codebook import Rename
    >>> rules = Codebook((Line(1, "rename", Rename(rename="قبض · دیر", label="Bills")),))
    >>> labels = pd.DataFrame({"theme_id": [0, 7], "label": ["parcel", "قبض · دیر"]})
    >>> rules, names = by_number(rules, labels, None, Outcome())
    >>> rules.lines[0].rule.rename, names
    (7, {'قبض · دير': 7})
    """
    had = list(zip(labels["theme_id"].astype(int), labels["label"], strict=True))
    if baseline is not None:
        had += [(theme.theme_id, theme.label) for theme in baseline.themes]
        had += [(theme, name) for theme, proposed in baseline.proposed.items() for name in proposed]
    themes: dict[str, set[int]] = {}
    for theme, label in had:
        themes.setdefault(_as_compared(label), set()).add(theme)
    themes |= {} if baseline is None else {name: {theme} for name, theme in baseline.names.items()}
    lines, names = [], {}
    for line in codebook.lines:
        if line.verb != "rename" or isinstance(line.rule.rename, int):
            lines.append(line)
            continue
        name = _as_compared(line.rule.rename)
        found = themes.get(name, set())
        if len(found) == 1:
            names[name] = next(iter(found))
            lines.append(replace(line, rule=line.rule.model_copy(update={"rename": names[name]})))
        else:
            outcome.add(line, None, CONFLICT if found else STALE, "several_named" if found else "no_such_name")
    for line in codebook.of("split"):
        words = line.rule.label if isinstance(line.rule.label, dict) else {"": line.rule.label or ""}
        names |= {_as_compared(label): line.rule.into for label in words.values() if label}
    return Codebook(tuple(lines)), names


def relabel(labels: pd.DataFrame, codebook: Codebook, outcome: Outcome, once: int) -> pd.DataFrame:
    """Return the labels with the names that people gave: ``rename``, and ``label`` of ``split``.

    A name in one form holds for every reading language; one by language for those given. A language for which two
    rules want different names, or a name that another theme has, keeps what it had.

    Examples
    --------
    >>> from workbench.themes.codebook import Line, Rename
    >>> labels = pd.DataFrame({"theme_id": [0, 0], "language": ["en", "fa"], "label": ["a", "b"]})
    >>> rules = Codebook((Line(1, "rename", Rename(rename=0, label={"fa": "صورتحساب"})),))
    >>> relabel(labels, rules, Outcome(), 1)["label"].tolist()
    ['a', 'صورتحساب']
    """
    before = {(int(theme), language): str(label) for theme, language, label in
              zip(labels["theme_id"], labels["language"], labels["label"], strict=True)}
    languages = list(dict.fromkeys(labels["language"]))
    lines = [(line, line.rule.rename, line.rule.label) for line in codebook.of("rename")]
    parts = [(line, line.rule.into, line.rule.label) for line in codebook.of("split") if line.rule.label is not None]
    wanted = [(line, theme, _by_language(words, languages)) for line, theme, words in lines + parts]
    names: dict[tuple[int, str], set[str]] = {}
    for _, theme, words in wanted:
        for language, name in words.items():
            names.setdefault((theme, language), set()).add(name)
    agreed = {cell: next(iter(found)) for cell, found in sorted(names.items()) if len(found) == 1 and cell in before}
    taken = _taken(before, agreed)
    agreed = {cell: name for cell, name in agreed.items() if cell not in taken}
    for line, theme, words in wanted:
        status, reason = _outcome_of(line, theme, words, names, taken, before, outcome.absent(theme, once))
        if line.verb == "rename" or (reason and any(known == theme for known, _ in before)):
            outcome.add(line, theme, status, reason)
    chosen = [agreed.get((int(theme), language)) for theme, language in
              zip(labels["theme_id"], labels["language"], strict=True)]
    out = labels.assign(label=[own if name is None else name for own, name in
                               zip(labels["label"], chosen, strict=True)])
    if "is_borrowed" in out:
        own = np.array([name is None for name in chosen], dtype=bool)
        out["is_borrowed"] = out["is_borrowed"].to_numpy(dtype=bool) & own
    return out


def descriptions(codebook: Codebook, languages: list[str], there: set[int], once: int, outcome: Outcome
                 ) -> pd.DataFrame:
    """Return what people wrote about themes: ``theme_id, language, text``; two texts for one cell: neither."""
    cells: dict[tuple[int, str], set[str]] = {}
    for line in codebook.of("describe"):
        for language, text in _by_language(line.rule.text, languages).items():
            cells.setdefault((line.rule.describe, language), set()).add(text)
    for line in codebook.of("describe"):
        theme = line.rule.describe
        own = _by_language(line.rule.text, languages)
        unknown = [language for language in own if language not in languages]
        if theme not in there:
            outcome.add(line, theme, STALE, outcome.absent(theme, once))
        elif any(len(cells[theme, language]) > 1 for language in own):
            outcome.add(line, theme, CONFLICT, "two_texts")
        else:
            status = APPLIED if not unknown or len(unknown) < len(own) else STALE
            outcome.add(line, theme, status, _NO_LANGUAGE if unknown else "")
    rows = [(theme, language, next(iter(texts))) for (theme, language), texts in sorted(cells.items())
            if len(texts) == 1 and theme in there]
    return pd.DataFrame(rows, columns=list(DESCRIPTIONS)).astype({"theme_id": "int64", "language": "str",
                                                                   "text": "str"})


def note_rest(codebook: Codebook, there: set[int], once: int, outcome: Outcome) -> None:
    """Note the rules that change no table of themes: those that pin a theme, or place it in the journey."""
    for line in [*codebook.of("pin"), *codebook.of("place")]:
        theme = line.rule.pin if line.verb == "pin" else line.rule.place
        if theme not in there:
            outcome.add(line, theme, STALE, outcome.absent(theme, once))
        elif line.verb == "pin" and FIRST_OF_PEOPLE <= theme <= LAST_OF_PEOPLE:
            outcome.add(line, theme, CONFLICT, "made_by_rule")
        else:
            outcome.add(line, theme, APPLIED)


def _outcome_of(line: Line, theme: int, words: dict[str, str], names: dict[tuple[int, str], set[str]],
                taken: set[tuple[int, str]], before: dict[tuple[int, str], str], absent: str) -> tuple[str, str]:
    """Return the status of a name that a rule gives, and the reason."""
    cells = [(theme, language) for language in words]
    unknown = [cell for cell in cells if cell not in before]
    if not any(known == theme for known, _ in before):
        return STALE, absent
    if any(len(names[cell]) > 1 for cell in cells):
        return CONFLICT, "two_texts"
    if any(cell in taken for cell in cells):
        return CONFLICT, "label_taken"
    if unknown:
        return (APPLIED if len(unknown) < len(cells) else STALE), _NO_LANGUAGE
    return APPLIED, _drift(line, theme, before)


def _drift(line: Line, theme: int, before: dict[tuple[int, str], str]) -> str:
    """Return ``label_changed`` if no word of the label that a rule was written for is in the theme's labels now."""
    if line.rule.was is None:
        return ""
    then = set(counting_key(line.rule.was, "und").replace("·", " ").split())
    now = {word for (known, language), label in before.items() if known == theme
           for word in counting_key(label, "und").replace("·", " ").split()}
    return "" if then & now else "label_changed"


def _taken(before: dict[tuple[int, str], str], agreed: dict[tuple[int, str], str]) -> set[tuple[int, str]]:
    """Return the wanted cells whose name another theme would have in the same language."""
    after = {**before, **agreed}
    owners: dict[tuple[str, str], list[int]] = {}
    for (theme, language), label in after.items():
        owners.setdefault((language, _as_compared(label)), []).append(theme)
    return {(theme, language) for (theme, language), name in agreed.items()
            if len(owners[language, _as_compared(name)]) > 1}


def _as_compared(name: str) -> str:
    return counting_key(name, "und")


def _by_language(words: Words, languages: list[str]) -> dict[str, str]:
    return dict.fromkeys(languages, words) if isinstance(words, str) else dict(sorted(words.items()))


def _holding(texts: pd.Series, languages: pd.Series, word: str) -> pd.Series:
    """Return which texts hold the word or words, as whole words in the letters of which words stand apart.

    In Arabic letters articles, prepositions and endings are written to a word; there a part is enough, and in Chinese
    and Japanese as well.
    """
    apart = script_of(word) in _APART
    keys = [(f" {counting_key(str(text), language)} ", counting_key(word, language))
            for text, language in zip(texts, languages, strict=True)]
    return pd.Series([bool(key) and (f" {key} " in text if apart else key in text) for text, key in keys],
                     index=texts.index, dtype=bool)


def _part_holds(labels: pd.DataFrame, word: str) -> pd.Series:
    spaced = labels["label"].str.replace("·", " ", regex=False)
    return _holding(spaced, labels["language"], word)


def _without(row: dict[Any, Any], word: str, terms: pd.DataFrame) -> str:
    parts = pd.Series(str(row["label"]).split(_JOINT), dtype="str")
    language = pd.Series(row["language"], index=parts.index)
    kept = list(parts[~_holding(parts, language, word)])
    own = terms[(terms["theme_id"] == row["theme_id"]) & (terms["theme_id"] != UNASSIGNED_THEME)]
    own = own[own["language"] == row["language"]] if (own["language"] == row["language"]).any() else own
    more = [term for term in own["term"] if term not in kept]
    return _JOINT.join(kept or more[:3]) or str(int(row["theme_id"]) + 1)
