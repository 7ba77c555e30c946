"""From what was found to what is reported: numbers that themes keep, and what people have corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import ASSIGNMENTS, UNASSIGNED_THEME, names
from workbench.themes.codebook import Codebook
from workbench.themes.corrections import Outcome, correct_members
from workbench.themes.describe import describe
from workbench.themes.find import Themes
from workbench.themes.ledger import KnownTheme, Prior, Run, member_table
from workbench.themes.matching import Matching, match_themes
from workbench.themes.members import member_keys, sample_keys, write_centre, write_keys
from workbench.themes.prepare import in_context, unit_length, without_language
from workbench.themes.renaming import by_number, descriptions, forbid_terms, note_rest, relabel
from workbench.themes.share import count_themes

if TYPE_CHECKING:
    from workbench.language.glossary import Glossary


@dataclass(frozen=True)
class Coded:
    """Themes as they are reported.

    Attributes
    ----------
    themes : Themes
        With numbers that are kept; ``table`` and ``vectors`` are in one order, most comments first.
    events : pandas.DataFrame
        As `workbench.themes.matching.Matching` has them.
    report : pandas.DataFrame
        One row a rule of the codebook, as `workbench.themes.corrections.Outcome` has them.
    descriptions : pandas.DataFrame
        ``theme_id, language, text``: what people wrote about themes.
    kept : numpy.ndarray
        Theme of each statement before the codebook's corrections, in the order of the statements.
    numbers : numpy.ndarray
        The number of each theme that was found, in the order of its centres.
    next_id : int
        The first number that no theme has had.
    names : dict
        The theme that each name in the codebook stands for.
    """

    themes: Themes
    events: pd.DataFrame
    report: pd.DataFrame
    descriptions: pd.DataFrame
    kept: np.ndarray
    numbers: np.ndarray
    next_id: int
    names: dict[str, int]


def code_themes(found: Themes, statements: pd.DataFrame, vectors: np.ndarray, prior: Prior, codebook: Codebook, *,
                encoder: str, remove_language: bool = True, counted: pd.Series | None = None, confidence: float = 0.95,
                glossary: Glossary | None = None, order_number: str | None = None,
                comments: pd.DataFrame | None = None) -> Coded:
    """Return themes under the numbers of the ledger, with the codebook's rules applied.

    Where no rule changes who is in which theme, terms, labels and counts stay as they were found. Otherwise they are
    made anew, and the stability of a theme that people changed is unknown (NaN).

    Parameters
    ----------
    found
        As `find_themes` returns them, numbered from 0.
    statements
        As themes were found in.
    vectors
        One a statement.
    prior
        From `Ledger.prior`.
    codebook
        From `load_codebook`; an empty one changes nothing.
    encoder
        Its identity, which tells whether centres of two runs can be compared.
    remove_language, counted, confidence, glossary, order_number, comments
        As for `find_themes`.

    Examples
    --------
    >>> from workbench.embedding import embed
    >>> from workbench.language import split_statements
    >>> from workbench.themes import find_themes
    >>> texts = ["the invoice is wrong", "الفاتورة غلط", "صورتحساب اشتباه است", "internet is slow"] * 3
    >>> comments = pd.DataFrame({"feedback_id": [str(i) for i in range(12)], "text": texts})
    >>> statements = split_statements(comments)
    >>> vectors = embed(statements.text)
    >>> found = find_themes(statements, vectors, minimum_size=2, neighbours=2, floor=0.0)
    >>> coded = code_themes(found, statements, vectors, Prior(1, None, 40), Codebook(), encoder="e")
    >>> set(coded.themes.assignments["theme_id"]) <= {-1, 40, 41, 42, 43, 44, 45}
    True
    """
    order = statements["statement_id"].argsort(kind="stable").to_numpy()
    ordered = statements.iloc[order].reset_index(drop=True)
    given = found.assignments.set_index("statement_id").loc[ordered["statement_id"]].reset_index()
    labels, keys = given["theme_id"].to_numpy(dtype=np.int64), member_keys(ordered)
    matching = _match(prior, found.vectors, keys, labels, encoder)
    numbered = _to_ids(labels, matching.theme_ids)
    kept = _pin(numbered, keys, prior.baseline, codebook.pinned())
    outcome = Outcome()
    points = np.zeros((len(ordered), 0))
    if codebook.lines or (kept != numbered).any():
        points = prepare_points(ordered, np.asarray(vectors)[order], remove_language)
    final = correct_members(ordered, points, kept, codebook, matching.next_id, outcome)
    if (final == numbered).all():
        themes = _renumbered(found, matching.theme_ids)
    else:
        themes = _described_anew(found, matching, ordered, points, numbered, final, given, counted, confidence,
                                 glossary, order_number, comments)
    as_found = _renumbered(found, matching.theme_ids).labels
    return _worded(themes, as_found, codebook, outcome, matching, prior, statements,
                   kept[np.argsort(order, kind="stable")])


def _match(prior: Prior, centres: np.ndarray, keys: np.ndarray, labels: np.ndarray, encoder: str) -> Matching:
    """Return the numbers of themes; where nothing but rules has changed, with what happened when they were found."""
    matching = match_themes(prior, centres, keys, labels, encoder)
    if prior.since is None:
        return matching
    then = match_themes(Prior(prior.number, prior.since, prior.since_first_id), centres, keys, labels, encoder)
    return replace(matching, events=then.events) if np.array_equal(then.theme_ids, matching.theme_ids) else matching


def _worded(themes: Themes, as_found: pd.DataFrame, codebook: Codebook, outcome: Outcome, matching: Matching,
            prior: Prior, statements: pd.DataFrame, kept: np.ndarray) -> Coded:
    """Apply what the codebook says of names and words, and close its report."""
    once, there = matching.next_id, set(themes.table["theme_id"]) - {UNASSIGNED_THEME}
    terms, labels = forbid_terms(themes.terms, themes.labels, codebook, outcome)
    codebook, names = by_number(codebook, pd.concat([as_found, themes.labels, labels]), prior.baseline, outcome)
    labels = relabel(labels, codebook, outcome, once)
    texts = descriptions(codebook, list(dict.fromkeys(labels["language"])), there, once, outcome)
    note_rest(codebook, there, once, outcome)
    first = labels.drop_duplicates("theme_id").set_index("theme_id")["label"]
    named = themes.table["theme_id"].map(first).astype(object)
    table = themes.table.assign(label=named.where(named.notna(), themes.table["label"]).astype("str"))
    back = themes.assignments.set_index("statement_id").loc[statements["statement_id"]].reset_index()
    done = replace(themes, table=table, terms=terms, labels=labels, assignments=back)
    return Coded(done, matching.events, outcome.table(), texts, kept, matching.theme_ids, once, names)


def run_of(statements: pd.DataFrame, kept: np.ndarray, prior: Prior, *, centres: np.ndarray, numbers: np.ndarray,
           labels: pd.DataFrame, pinned: list[int], **rest: Any) -> Run:
    """Return a run as the ledger keeps it: themes by number, before the codebook's corrections.

    Themes of the run before that have vanished are kept aside, so that they can return.

    Parameters
    ----------
    statements, kept
        The statements, and the theme of each before the codebook's corrections.
    prior
        What the run went by.
    centres, numbers
        Of the themes that were found, in one order.
    labels
        As reported.
    pinned
        Themes whose statements are all kept, however many there are.
    rest
        The other fields of `workbench.themes.ledger.Run`.

    Examples
    --------
    >>> statements = pd.DataFrame({"feedback_id": ["a", "b"], "text": ["late", "دیر"]})
    >>> labels = pd.DataFrame({"theme_id": [0], "language": ["en"], "label": ["late"]})
    >>> run = run_of(statements, np.array([0, 0]), Prior(1, None, 0), centres=np.eye(1), numbers=np.array([0]),
    ...              labels=labels, pinned=[], found="f", settings="s", encoder="e", next_id=1)
    >>> [(theme.theme_id, theme.label, theme.comment_count) for theme in run.themes]
    [(0, 'late', 2)]
    """
    keys = member_keys(statements)
    chosen = sample_keys(keys)
    whole = chosen | np.isin(kept, pinned)
    members = {int(theme): write_keys(keys[whole & (kept == theme)]) for theme in np.unique(kept[whole])}
    comments = statements["feedback_id"].groupby(kept).nunique()
    named: dict[int, dict[str, str]] = {}
    for theme, language, label in zip(labels["theme_id"], labels["language"], labels["label"], strict=True):
        named.setdefault(int(theme), {})[str(language)] = str(label)
    place = {int(theme): row for row, theme in enumerate(numbers)}
    live = sorted({*place, *(int(theme) for theme in comments.index if theme >= 0)})
    old = {theme.theme_id: theme for theme in prior.baseline.themes} if prior.baseline is not None else {}
    themes = [_known(theme, named, comments, centres[place[theme]] if theme in place else None, old.get(theme))
              for theme in live]
    themes += [theme.model_copy(update={"is_live": False}) for number, theme in sorted(old.items())
               if number not in live]
    return Run(number=prior.number, members=members, members_below=None if chosen.all() else int(keys[chosen].max()),
               themes=sorted(themes, key=lambda theme: theme.theme_id), first_new_id=prior.first_new_id,
               baseline=None if prior.baseline is None else prior.baseline.number,
               since=None if prior.since is None else prior.since.number, since_first_id=prior.since_first_id, **rest)


def _known(theme: int, named: dict[int, dict[str, str]], comments: pd.Series, centre: np.ndarray | None,
           old: KnownTheme | None) -> KnownTheme:
    """A theme that only a pin keeps has the centre that it had."""
    kept = KnownTheme(theme_id=theme, label=str(theme), comment_count=0) if old is None else old
    label, labels = kept.label, kept.labels
    if own := named.get(theme):
        label = next(iter(own.values()))
        labels = {language: name for language, name in own.items() if name != label}
    written = kept.centre if centre is None else write_centre(centre)
    return KnownTheme(theme_id=theme, label=label, labels=labels, comment_count=int(comments.get(theme, 0)),
                      centre=written)


def _to_ids(labels: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.append(ids, UNASSIGNED_THEME)[labels.astype(np.int64)].astype(np.int64)


def _pin(labels: np.ndarray, keys: np.ndarray, baseline: Run | None, pinned: list[int]) -> np.ndarray:
    """Put the statements of pinned themes back, and take out those that stood elsewhere: where they stood then."""
    if baseline is None or not pinned:
        return labels
    known, themes = member_table(baseline)
    place = np.minimum(np.searchsorted(known, keys), max(len(known) - 1, 0))
    is_known = known[place] == keys if len(known) else np.zeros(len(keys), dtype=bool)
    before = np.where(is_known, themes[place] if len(known) else UNASSIGNED_THEME, UNASSIGNED_THEME)
    there = np.union1d(labels, pinned)
    back = is_known & np.isin(before, pinned)
    out = is_known & ~back & np.isin(labels, [theme for theme in pinned if (before == theme).any()])
    labels = np.where(back, before, labels)
    return np.where(out, np.where(np.isin(before, there), before, UNASSIGNED_THEME), labels)


def prepare_points(statements: pd.DataFrame, vectors: np.ndarray, remove_language: bool) -> np.ndarray:
    """Return the vectors that themes were found in."""
    points = vectors.astype(np.float32)
    return in_context(without_language(points, statements["language"]) if remove_language else points, statements)


def _renumbered(found: Themes, ids: np.ndarray) -> Themes:
    tables = {name: getattr(found, name).assign(theme_id=_to_ids(getattr(found, name)["theme_id"].to_numpy(), ids))
              for name in ("table", "assignments", "terms", "labels")}
    return replace(found, **tables)


def _described_anew(found: Themes, matching: Matching, statements: pd.DataFrame, points: np.ndarray,
                    before: np.ndarray, labels: np.ndarray, given: pd.DataFrame, counted: pd.Series | None,
                    confidence: float, glossary: Glossary | None, order_number: str | None,
                    comments: pd.DataFrame | None) -> Themes:
    """Return themes whose members people have changed: centres, strengths, terms, labels and counts made anew."""
    ids = _by_size(labels, statements)
    place = {int(theme): row for row, theme in enumerate(ids)}
    rows = np.array([place.get(int(theme), UNASSIGNED_THEME) for theme in labels], dtype=np.int64)
    was = {int(theme): row for row, theme in enumerate(matching.theme_ids)}
    changed = {int(theme) for theme in np.unique(np.concatenate([before[before != labels], labels[before != labels]]))}
    centres = np.stack([found.vectors[was[int(theme)]] if int(theme) in was and int(theme) not in changed
                        else unit_length(points[labels == theme].sum(axis=0, keepdims=True))[0] for theme in ids]) \
        if len(ids) else found.vectors[:0]
    assignments = _reassigned(given, rows, points, centres, np.isin(labels, sorted(changed)))
    languages = tuple(dict.fromkeys(found.labels["language"]))
    description = describe(statements, assignments, points, centres, languages, glossary=glossary,
                           order_number=order_number, comments=comments)
    table = count_themes(statements, assignments, description.labels, counted, confidence)
    stability = dict(zip(_to_ids(found.table["theme_id"].to_numpy(), matching.theme_ids), found.table["stability"],
                         strict=True))
    table["stability"] = [float("nan") if theme in changed else stability.get(theme, float("nan"))
                          for theme in _to_ids(table["theme_id"].to_numpy(), ids).tolist()]
    anew = Themes(table, assignments[names(ASSIGNMENTS)], description.terms, description.labels, centres,
                  description.make_model, found.facts)
    return _renumbered(anew, ids)


def _by_size(labels: np.ndarray, statements: pd.DataFrame) -> np.ndarray:
    """Return the themes, most comments first, ties by the earliest statement."""
    frame = pd.DataFrame({"theme": labels, "comment": statements["feedback_id"], "id": statements["statement_id"]})
    sizes = frame[frame["theme"] >= 0].groupby("theme").agg(comments=("comment", "nunique"), first=("id", "min"))
    return sizes.sort_values(["comments", "first"], ascending=[False, True]).index.to_numpy(dtype=np.int64)


def _reassigned(given: pd.DataFrame, rows: np.ndarray, points: np.ndarray, centres: np.ndarray,
                changed: np.ndarray) -> pd.DataFrame:
    """Return the assignments by row of the centres; strengths and cores anew where a theme has changed."""
    out = given.assign(theme_id=rows)
    inside = changed & (rows >= 0)
    likeness = np.zeros(len(rows), dtype=np.float32)
    if inside.any():
        likeness[inside] = np.clip(np.round((points[inside] * centres[rows[inside]]).sum(axis=1), 5), 0, 1)
    out["strength"] = np.where(rows < 0, 0.0, np.where(changed, likeness, given["strength"])).astype(np.float32)
    rank = out.groupby("theme_id")["strength"].rank(pct=True, method="average")
    out["is_core"] = np.where(changed, rank > 0.5, given["is_core"]) & (rows >= 0)
    return out
