"""Themes found on a sample of the statements, and everything else given to them, where there are many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.arguments import check_series, check_tables
from workbench.columns import UNASSIGNED_THEME
from workbench.errors import InputError
from workbench.themes.assign import assign_themes
from workbench.themes.find import Themes, find_themes
from workbench.themes.sample import quotas
from workbench.themes.share import count_themes

Assign = Callable[[pd.DataFrame, np.ndarray, Themes], pd.DataFrame]


def sample_ranks(statement_ids: pd.Series, seed: int = 0) -> np.ndarray:
    """Return a number a statement that is as if drawn by chance, but hangs on nothing save its id and the seed.

    The statements with the lowest numbers are a sample: the same one in any order, and on any machine that has only a
    part of them.

    Parameters
    ----------
    statement_ids
        Text, n rows.
    seed
        Of the draw.

    Returns
    -------
    numpy.ndarray
        uint64, one a row.

    Examples
    --------
    >>> ids = pd.Series(["a/0", "b/0", "ج/0"])
    >>> bool((sample_ranks(ids)[::-1] == sample_ranks(ids[::-1])).all())
    True
    >>> bool((sample_ranks(ids) == sample_ranks(ids, seed=1)).any())
    False
    """
    check_series(statement_ids=statement_ids)
    key = hashlib.sha256(str(seed).encode()).hexdigest()[:16]
    return pd.util.hash_array(statement_ids.to_numpy(dtype=object), hash_key=key, categorize=False)


def draw_statements(statements: pd.DataFrame, size: int, seed: int = 0) -> np.ndarray:
    """Return which statements themes are found on: each language in proportion, by `sample_ranks` within it.

    Every language gives one statement at least, while there is room. Row order does not matter.

    Parameters
    ----------
    statements
        With ``statement_id`` and ``language``, n rows.
    size
        Statements to draw; all, if there are no more.
    seed
        Of the draw.

    Returns
    -------
    numpy.ndarray
        Boolean, shape ``(n,)``.

    Raises
    ------
    InputError
        If the size is less than two.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": [f"{n}/0" for n in range(9)], "language": ["en", "ar", "fa"] * 3})
    >>> drawn = draw_statements(statements, 6)
    >>> statements.loc[drawn, "language"].value_counts().sort_index().to_dict()
    {'ar': 2, 'en': 2, 'fa': 2}
    """
    check_tables(statements=statements)
    if size < 2:
        raise InputError(f"themes are found on two statements at least, not on a sample of {size}.")
    if size >= len(statements):
        return np.ones(len(statements), dtype=bool)
    pool = pd.DataFrame({"language": statements["language"].to_numpy(), "id": statements["statement_id"].to_numpy()})
    pool["rank"] = sample_ranks(pool["id"], seed)
    own = pool["language"].map(quotas(pool.groupby("language").size(), size)).to_numpy()
    place = pool.sort_values(["rank", "id"]).groupby("language", sort=False).cumcount().sort_index().to_numpy()
    drawn: np.ndarray = place < own
    return drawn


def find_on_sample(statements: pd.DataFrame, vectors: np.ndarray, size: int | None, *, seed: int = 0,
                   counted: pd.Series | None = None, confidence: float = 0.95, assign: Assign = assign_themes,
                   **settings: Any) -> Themes:
    """Return themes found on a sample of the statements, with all statements in them.

    The statements of the sample have the theme that was found for them; every other one has the one that
    `assign_themes` gives it. Terms, labels and stability are those of the sample; counts and shares are of all. Themes
    are numbered by their size in the sample. ``facts`` tell ``sampled`` (statements drawn), ``sampled_of`` (all), and
    ``sampled_alike``: the share of the sample that `assign_themes` gives to the theme that was found for it, which says
    how far the other statements are where a fit to all would have put them.

    Parameters
    ----------
    statements, vectors
        As for `find_themes`.
    size
        Statements that themes are found on. None, or as many as there are or more: the same as `find_themes`.
    seed
        Of the draw, and of `find_themes`.
    assign
        What gives the other statements to the themes.
    counted, confidence, settings
        As for `find_themes`.

    Raises
    ------
    InputError
        If the size is less than two, and as `find_themes` does.

    Examples
    --------
    >>> from workbench.language import split_statements
    >>> from workbench.embedding import embed_statements
    >>> texts = ["the invoice is wrong", "الفاتورة غلط", "internet is slow", "اینترنت کند است"] * 6
    >>> statements = split_statements(pd.DataFrame({"feedback_id": [str(n) for n in range(24)], "text": texts}))
    >>> found = find_on_sample(statements, embed_statements(statements), 12, minimum_size=2, neighbours=2, floor=0.0)
    >>> found.facts["sampled"], found.facts["sampled_of"], int(found.table["statement_count"].sum())
    (12, 24, 24)
    """
    check_tables(statements=statements)
    if size is None or (drawn := draw_statements(statements, size, seed)).all():
        return find_themes(statements, vectors, seed=seed, counted=counted, confidence=confidence, **settings)
    part = statements[drawn].reset_index(drop=True)
    found = find_themes(part, np.asarray(vectors[drawn]), seed=seed, counted=counted, confidence=confidence, **settings)
    given = assign(statements, vectors, found)  # each beside all that its comment says
    alike = float((given["theme_id"].to_numpy()[drawn] == found.assignments["theme_id"].to_numpy()).mean())
    whole = pd.concat([found.assignments, given[~drawn]]).set_index("statement_id")
    whole = whole.loc[statements["statement_id"]].reset_index()
    facts = {**found.facts, "sampled": int(drawn.sum()), "sampled_of": len(statements),
             "sampled_alike": round(alike, 4)}
    return replace(recount(found, statements, whole, counted, confidence), facts=facts)


def recount(themes: Themes, statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.Series | None = None,
            confidence: float = 0.95) -> Themes:
    """Return themes with other statements in them, counted anew; terms, labels and stability are as they were found.

    Parameters
    ----------
    themes
        As they were found.
    statements
        With ``statement_id`` and ``feedback_id``.
    assignments
        The theme of each.
    counted, confidence
        As for `count_themes`.
    """
    check_tables(statements=statements, assignments=assignments)
    table = count_themes(statements, assignments, themes.labels, counted, confidence)
    stability = themes.table.set_index("theme_id")["stability"]
    return replace(themes, table=table.assign(stability=table["theme_id"].map(stability)), assignments=assignments)


def agreement_with_full_fit(assigned: np.ndarray, full: np.ndarray) -> dict[str, float]:
    """Return how far themes found on a sample put statements together as themes found on all do.

    Themes of the two are matched one to one, so that as many statements as can be are in the same theme; unassigned is
    matched with unassigned.

    Parameters
    ----------
    assigned, full
        The theme of each statement by either way, -1 where there is none; one length. Leave out the statements of the
        sample to measure the assigning alone.

    Returns
    -------
    dict
        ``ari``: adjusted Rand index, -1 counting as a theme (0 as by chance, 1 the same); ``same_share``: share of the
        statements that are in the same theme after matching; ``n``: statements.

    Raises
    ------
    InputError
        If the two differ in length, or are empty.

    Notes
    -----
    Sources: Hubert and Arabie (1985), Comparing partitions; Kuhn (1955), The Hungarian method.

    Examples
    --------
    >>> agreement_with_full_fit(np.array([0, 0, 1, 1, -1]), np.array([7, 7, 3, 3, -1]))
    {'ari': 1.0, 'same_share': 1.0, 'n': 5}
    >>> agreement_with_full_fit(np.array([0, 0, 1, 1]), np.array([0, 0, 0, -1]))["same_share"]
    0.5
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score

    if not len(assigned) or len(assigned) != len(full):
        raise InputError(f"expected the themes of the same statements by two ways, found {len(assigned)} and "
                         f"{len(full)}.")
    both = pd.crosstab(assigned, full)
    unassigned = int(((assigned == UNASSIGNED_THEME) & (full == UNASSIGNED_THEME)).sum())
    shared = both.drop(index=UNASSIGNED_THEME, columns=UNASSIGNED_THEME, errors="ignore").to_numpy()
    rows, columns = linear_sum_assignment(shared, maximize=True)
    same = (unassigned + int(shared[rows, columns].sum())) / len(full)
    return {"ari": round(float(adjusted_rand_score(full, assigned)), 4), "same_share": round(same, 4), "n": len(full)}
