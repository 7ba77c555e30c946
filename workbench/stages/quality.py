"""The stage that examines the themes: their hierarchy, how stable they are, and what is weak in them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from workbench.columns import is_among
from workbench.scale import Executor, Local, is_large
from workbench.stages.result import Result
from workbench.stages.themes import given_themes
from workbench.stages.words import with_words
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study


def quality_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings, the themes and what they were found in."""
    read = [tables[name] for name in ("statements", "words", "profile", "assignments", "themes", "terms", "labels")]
    return [study.themes.model_dump(mode="json"), study.quality.model_dump(mode="json"), study.insights.confidence,
            study.insights.minimum_cell, study.names, array_digest(tables["vectors"]),
            array_digest(tables["theme_centres"]), table_digest(_known(study, tables)),
            [table_digest(table) for table in read]]


def finds_again(study: Study, statements: int) -> bool:
    """Return whether the themes of so many statements are found again, which several processes can share."""
    return _can_refit(study, min(statements, study.themes.sample_size(statements)))


def examine_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``theme_groups`` and ``group_labels``, ``passport``, ``parity``, ``quality``; ``themes`` with the
    stability that the passport found, their customers, and intervals that allow for who wrote several. Where themes
    were found on a sample, their words are looked at there.

    Themes are found again by the executor."""
    from workbench import themes as work
    from workbench.insights.clusters import cluster_of

    statements, themes = with_words(tables, ["word_count", "content_count"]), tables["themes"]
    assignments = statements[["statement_id"]].merge(tables["assignments"], on="statement_id")
    theme_of = assignments["theme_id"].to_numpy(dtype=np.int64)
    real = themes[themes["theme_id"] >= 0]
    ids, centres = [int(theme) for theme in real["theme_id"]], np.asarray(tables["theme_centres"])
    known = _known(study, tables)
    counted = _counted(known, tables)
    found_on = _found_on(study, statements)
    used = work.find_terms(_with_terms(statements[found_on].reset_index(drop=True), tables["words"]))
    used = used.assign(row=np.flatnonzero(found_on)[used["row"].to_numpy(dtype=np.int64)])
    nested = work.nest_themes(ids, centres)
    names = work.name_groups(nested, centres, used, theme_of, tables["vectors"], tables["labels"])
    members = _members(statements, theme_of, counted)
    confidence, clusters = study.insights.confidence, cluster_of(counted).set_axis(counted["feedback_id"])
    groups = work.count_groups(nested, names, members, len(counted), confidence, clusters)
    passport = _passport(study, statements, known, tables["vectors"], theme_of, real.dropna(subset=["stability"]),
                         found_on, executor or Local())
    # a theme that people put together is theirs: it is not expected to be found again
    by_people = passport["theme_id"].map(real.set_index("theme_id")["stability"].isna())
    passport = passport.assign(stability=passport["stability"].mask(by_people),
                               verdict=passport["verdict"].mask(by_people, "unmeasured"))
    stability = passport.set_index("theme_id")["stability"]
    themes = themes.assign(stability=themes["theme_id"].map(stability).astype("float64"))
    themes = work.widen_intervals(themes, "theme_id", members, clusters, confidence)
    themes = work.count_customers(themes, members, counted)
    parity = _parity(study, statements, tables["vectors"], theme_of, counted, found_on, clusters)
    quality = work.measure_quality(statements, assignments, counted, used, tables["terms"], themes, centres,
                                   study.quality, confidence, clusters)
    made: Tables = {"themes": themes, "theme_groups": groups, "group_labels": names, "passport": passport,
                    "parity": parity, "quality": quality}
    unstable, levels = int((passport["verdict"] == "unstable").sum()), len(work.levels_of(nested))
    poor = int(((quality["verdict"] == "poor") & (quality["measure"] != "theme_coherence_by_language")).sum())
    told = f"{levels} levels of themes, {unstable} unstable, {poor} measures to look at"
    return made, {"told": told, "levels": levels, "unstable": unstable, "poor": poor, "statements": len(statements),
                  "refitted": _can_refit(study, int(found_on.sum()))}


def _with_terms(statements: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Return statements with their terms, which are the larger half of what is stored of words."""
    terms = words[["statement_id", "term_keys", "term_forms"]]
    terms = terms[is_among(terms["statement_id"], statements["statement_id"])]
    return statements.merge(terms, on="statement_id", how="left", validate="one_to_one")


def _known(study: Study, tables: Tables) -> pd.DataFrame:
    """Return all comments with customer, account and, if the study names one, their id of parallel texts."""
    comments = tables["comments"]
    wanted = dict.fromkeys(["feedback_id", "customer_id", "account_id", study.quality.parallel])
    return comments[[name for name in wanted if name in comments]].sort_values("feedback_id", ignore_index=True)


def _counted(known: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    counted = tables["profile"].loc[tables["profile"]["is_counted"], "feedback_id"]
    return known[is_among(known["feedback_id"], counted)].reset_index(drop=True)


def _written_first(known: pd.DataFrame) -> pd.Series:
    """Return for each comment the first one of whoever wrote it: itself, where nobody wrote twice."""
    from workbench.insights.clusters import cluster_of

    own = known["feedback_id"]
    return own.groupby(cluster_of(known)).transform("first").set_axis(own)


def _members(statements: pd.DataFrame, theme_of: np.ndarray, counted: pd.DataFrame) -> pd.DataFrame:
    pairs = pd.DataFrame({"feedback_id": statements["feedback_id"], "theme_id": theme_of})
    return pairs[is_among(pairs["feedback_id"], counted["feedback_id"])].drop_duplicates()


def _can_refit(study: Study, statements: int) -> bool:
    """Themes that people chose, or that were kept, are not found again; and UMAP takes too long to be."""
    found = study.themes.refit and study.themes.method not in ("manual", "umap_hdbscan")
    return found and 1 < statements <= study.quality.most_statements


def _found_on(study: Study, statements: pd.DataFrame) -> np.ndarray:
    """Return which statements the themes were found on: finding them again tells of no others."""
    from workbench.themes import draw_statements

    return draw_statements(statements, study.themes.sample_size(len(statements)), study.themes.seed)


def _refit(study: Study, statements: pd.DataFrame, vectors: np.ndarray, remove_language: bool, rows: np.ndarray,
           seed: int) -> np.ndarray:
    from workbench.themes import refind_themes

    settings = study.themes
    return refind_themes(statements.iloc[rows].reset_index(drop=True), np.asarray(vectors)[rows], seed=seed,
                         method=settings.method, resolution=settings.resolution, count=settings.count,
                         minimum_size=settings.minimum_size, neighbours=settings.neighbours, floor=settings.floor,
                         given=given_themes(study, {}), match=settings.match, remove_language=remove_language)


def _passport(study: Study, statements: pd.DataFrame, known: pd.DataFrame, vectors: np.ndarray, theme_of: np.ndarray,
              real: pd.DataFrame, found_on: np.ndarray, executor: Executor) -> pd.DataFrame:
    from workbench.themes import measure_passport

    if not found_on.all():
        statements, vectors, theme_of = statements[found_on], np.asarray(vectors[found_on]), theme_of[found_on]
    refit = partial(_refit, study, statements, vectors, study.themes.remove_language)
    return measure_passport(
        theme_of, statements["feedback_id"].map(_written_first(known)), [int(theme) for theme in real["theme_id"]],
        refit if _can_refit(study, len(statements)) else None, resamples=study.quality.resamples,
        seeds=study.quality.seeds, seed=study.themes.seed, threshold=study.quality.stability,
        cut=real.set_index("theme_id")["stability"],
        many=(executor.near() if is_large(len(statements)) else Local()).map_blocks)


def _parity(study: Study, statements: pd.DataFrame, vectors: np.ndarray, theme_of: np.ndarray,
            counted: pd.DataFrame, found_on: np.ndarray, clusters: pd.Series) -> pd.DataFrame:
    """Return the audit of the themes as they are, and of those found with the other setting of remove_language."""
    from workbench.themes import audit_parity

    kept = is_among(statements["feedback_id"], counted["feedback_id"]).to_numpy()
    own = statements[kept].reset_index(drop=True)
    column = study.quality.parallel
    pairs = None if column is None else own["feedback_id"].map(counted.set_index("feedback_id")[column])
    ways = [(study.themes.remove_language, theme_of)]
    if found_on.all() and _can_refit(study, len(statements)) and statements["language"].nunique() > 1:
        other = not study.themes.remove_language
        ways.append((other, _refit(study, statements, vectors, other, np.arange(len(statements)), study.themes.seed)))
    return pd.concat([
        audit_parity(own, themes[kept], "on" if removed else "off", pairs=pairs, seed=study.themes.seed,
                     confidence=study.insights.confidence, least=study.insights.minimum_cell, clusters=clusters)
        for removed, themes in ways], ignore_index=True)
