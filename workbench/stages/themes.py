"""The stage that finds and describes themes, or gives comments to those that were found before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import STATEMENTS, names
from workbench.errors import InputError
from workbench.scale import Executor, Local, cut_rows, is_large, join_tables
from workbench.stages.result import Result
from workbench.stages.words import with_words
from workbench.store import Store, Tables, array_digest, digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.themes import Given, Themes
    from workbench.themes.sampled import Assign

LABEL_LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr", "pt", "it", "nl", "ru", "zh", "ja", "hi", "ur")


def theme_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of themes, the statements and their vectors."""
    column = study.themes.column
    chosen = pd.DataFrame() if column is None else tables["comments"][["feedback_id", column]]
    return [study.themes.model_dump(mode="json"), study.insights.confidence, study.order_number, study.names,
            table_digest(tables["statements"]), table_digest(tables["words"]), table_digest(tables["profile"]),
            array_digest(tables["vectors"]), table_digest(chosen), kept_themes_digest(study),
            table_digest(tables["comments"][["feedback_id", "text"]])]


def find_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``themes``, ``assignments``, ``terms``, ``labels``, ``theme_centres``, ``theme_offsets``; also
    ``given_themes``, what became of themes that were given, and ``unassigned_sample``.

    Themes are found here, on all statements or on a sample of them. Statements that are given to themes which are known
    already are given to them in blocks of whole comments.
    """
    from workbench.themes import sample_unassigned

    executor = executor or Local()
    assign = partial(_assign, executor)
    themes = _found(study, tables, assign, executor) if study.themes.refit else _assigned(study, tables, assign)
    assigned = float((themes.assignments["theme_id"] >= 0).mean())
    offsets = themes.offsets
    made: Tables = {
        "themes": themes.table, "assignments": themes.assignments, "terms": themes.terms, "labels": themes.labels,
        "theme_centres": themes.vectors, "given_themes": themes.given.drop(columns="theme_id", errors="ignore"),
        "theme_offsets": offsets.means if offsets is not None else np.zeros((1, 1), dtype=np.float32),
        "unassigned_sample": sample_unassigned(_of_counted(tables), themes.assignments, seed=study.themes.seed,
                                               order_number=study.order_number, comments=tables["comments"]),
    }
    told = f"{len(themes.vectors)} themes{_asked(themes)}, {assigned:.0%} of statements assigned"
    if "sampled" in themes.facts:
        told += f", found on {themes.facts['sampled']:,} of {themes.facts['sampled_of']:,}"
    if not study.themes.refit:
        told += ", themes kept"
        if "kept_alike" in themes.facts:
            told += f", {themes.facts['kept_alike']:.0%} of the statements they were found in are where they were"
    elif len(themes.given):
        told += _told_given(themes.given)
    return made, {**themes.facts, "told": told, "refit": study.themes.refit,
                  "offset_languages": list(offsets.languages) if offsets is not None else []}


def _told_given(given: pd.DataFrame) -> str:
    """Return which given themes were not found, or not by themselves."""
    kinds = {"no_match": "no statement is like", "shared": "the same as one given before"}
    which = {told: given.loc[given["outcome"] == kind, "name"] for kind, told in kinds.items()}
    return "".join(f"; given themes, {told}: {', '.join(found)}" for told, found in which.items() if len(found))


def _asked(themes: Themes) -> str:
    """Return how many themes the study asked for, where there are others."""
    asked = themes.facts.get("asked_count")
    return "" if asked in (None, len(themes.vectors)) else f" where about {asked:,} were asked for"


def _found(study: Study, tables: Tables, assign: Assign, executor: Executor) -> Themes:
    from workbench.themes import find_on_sample

    settings = study.themes
    size = settings.sample_size(len(tables["statements"]))
    runs = executor.near() if is_large(len(tables["statements"])) else Local()
    return find_on_sample(
        with_words(tables), tables["vectors"], size, seed=settings.seed, method=settings.method,
        resolution=settings.resolution, count=settings.count, minimum_size=settings.minimum_size,
        neighbours=settings.neighbours, floor=settings.floor, given=given_themes(study, tables), match=settings.match,
        remove_language=settings.remove_language, label_languages=LABEL_LANGUAGES, counted=_counted(tables),
        confidence=study.insights.confidence, assign=assign, many=runs.map_blocks,
    )


def _counted(tables: Tables) -> pd.Series:
    counted: pd.Series = tables["profile"].set_index("feedback_id")["is_counted"]
    return counted


def _of_counted(tables: Tables) -> pd.DataFrame:
    statements = tables["statements"]
    return statements[statements["feedback_id"].map(_counted(tables)).to_numpy(dtype=bool)]


def given_themes(study: Study, tables: Tables) -> Given | None:
    """Return the themes that the study gives, if it gives any."""
    from workbench.themes import embed_given, given_by_column

    settings = study.themes
    if settings.column is not None:
        return given_by_column(tables["comments"].set_index("feedback_id")[settings.column])
    if not settings.given:
        return None
    texts = {theme.name: [text for text in (*theme.words, *theme.examples) if text.strip()]
             for theme in settings.given}
    return embed_given(texts, study.encoder_name(), tuple(study.names))


def _assigned(study: Study, tables: Tables, assign: Assign) -> Themes:
    """Return the themes found last, with these statements in them; terms and labels are as they were found.

    The fact ``kept_alike`` tells how sure that is: the share of the statements that the themes were found in that are
    given to the theme which was found for them.
    """
    from workbench.themes import recount

    kept = _kept_themes(study)
    assignments = assign(with_words(tables, ["word_count"]), np.asarray(tables["vectors"]), kept)
    themes = recount(kept, tables["statements"], assignments, _counted(tables), study.insights.confidence)
    both = assignments.merge(kept.assignments, on="statement_id", suffixes=("", "_found"))
    if not kept.facts.get("refit", True) or not len(both):
        return themes
    alike = round(float((both["theme_id"] == both["theme_id_found"]).mean()), 4)
    return replace(themes, facts={**themes.facts, "kept_alike": alike})


def _assign(executor: Executor, statements: pd.DataFrame, vectors: np.ndarray, themes: Themes) -> pd.DataFrame:
    """Return the theme of each statement, given in blocks, to which nothing of the themes goes that is not needed."""
    from workbench.themes import Themes, assign_themes

    told = Themes(themes.table[["theme_id"]], pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), themes.vectors, None,
                  {"floor": themes.facts.get("floor")}, themes.offsets)
    read = statements[[*names(STATEMENTS), "word_count"]]
    blocks = [(read.iloc[rows], vectors[rows]) for rows in cut_rows(read["text"], read["feedback_id"])]
    return join_tables(list(executor.map_blocks(assign_themes, blocks, told)))


def kept_themes_digest(study: Study) -> str:
    """Return a digest of the themes that comments are given to, empty where they are found anew."""
    if study.themes.refit:
        return ""
    kept = _kept_themes(study)
    offsets = [] if kept.offsets is None else [kept.offsets.languages, array_digest(kept.offsets.means)]
    facts = {name: fact for name, fact in kept.facts.items() if name not in ("told", "refit", "kept_alike")}
    return digest(array_digest(kept.vectors), offsets, facts,
                  table_digest(kept.table[["theme_id", "stability"]]),
                  [table_digest(table) for table in (kept.labels, kept.terms, kept.given)])


def _kept_themes(study: Study) -> Themes:
    """Return the themes of the analysis of this study that was used last, of those with the same settings if any.

    So other settings that are tried once do not disturb what is kept, as they do not disturb the numbers of themes.
    """
    from workbench.themes import Themes
    from workbench.themes.prepare import LanguageOffsets

    store = Store(study.store_folder)
    for stage in _theme_stages(study, store):
        tables = store.open(stage)
        if tables is not None and "theme_offsets" in tables:
            facts = store.manifest(stage)["facts"]
            offsets = LanguageOffsets(tuple(facts["offset_languages"]), np.asarray(tables["theme_offsets"]))
            return Themes(tables["themes"], tables["assignments"], tables["terms"], tables["labels"],
                          np.asarray(tables["theme_centres"]), None, facts, offsets, tables["given_themes"])
    raise InputError("themes: refit: false keeps the themes that were found before, and none are stored for a study of "
                     f"the name {study.name!r}; analyse it once without.{_told_other_names(store)}")


def _told_other_names(store: Store) -> str:
    """Return which studies there are kept themes of: one of them may be this study under an earlier name."""
    found = sorted({name for name, _, _ in _stored_themes(store)})
    return "" if not found else (f" There are themes of {', '.join(map(repr, found))}: if this study had that name "
                                 "before, write it again. Otherwise themes are found anew, and as far as they are the "
                                 "same they have their numbers.")


def _theme_stages(study: Study, store: Store) -> list[Path]:
    """Return where analyses of this study have their themes: those with its settings first, the one used last first."""
    wanted = study.themes.model_dump(mode="json", exclude={"refit"})
    found = [(used != wanted, stage) for name, used, stage in _stored_themes(store) if name == study.name]
    return [stage for _, stage in sorted(found, key=lambda one: one[0])]


def _stored_themes(store: Store) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """Yield of each stored analysis, the last used first, the study's name, its settings of themes and their place."""
    for path in store.analyses():
        try:
            manifest = store.manifest(path)
        except (OSError, json.JSONDecodeError):
            continue
        settings, stages = manifest.get("study", {}), manifest.get("stages", {})
        if "name" in settings and "themes" in stages:
            used = {name: value for name, value in settings.get("themes", {}).items() if name != "refit"}
            yield settings["name"], used, store.stage_path("themes", stages["themes"])
