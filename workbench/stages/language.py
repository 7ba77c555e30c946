"""The stage that splits comments into statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import is_among
from workbench.scale import Executor, Local, cut_rows, join_tables
from workbench.stages.earlier import earlier_stages, same_rows, way_digest
from workbench.stages.result import Result
from workbench.store import Store, Tables, file_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.language.glossary import Glossary

_Known = tuple[pd.DataFrame, pd.DataFrame, pd.Series]


def language_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return what splitting and counting look at, and no more of the comments than that."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "text", "language", "speaker", "duplicate_of") if name in comments]
    return [study.unit, study.insights.count_duplicates, glossary_digest(study), table_digest(comments[used])]


def split_comments(study: Study, tables: Tables, store: Store | None, executor: Executor | None = None) -> Result:
    """Return ``statements`` without those that no customer wrote, which are ``boilerplate``, and ``profile``, a row a
    comment. Comments that an earlier run has read are not read again; the others are split in blocks, each comment
    being split by itself."""
    from workbench.language import profile_comments

    comments, way = tables["comments"], way_digest(study.unit)
    earlier = _earlier(comments, store, way) if store is not None else None
    statements, boilerplate = _read(comments, study.unit, earlier, executor or Local())
    profile = profile_comments(comments, statements, count_duplicates=study.insights.count_duplicates,
                               known=earlier[2] if earlier is not None else None)
    told = f"{len(statements):,} statements in {statements['language'].nunique()} languages"
    told += f", {len(comments) - len(earlier[2]):,} comments new" if earlier is not None else ""
    facts = {"told": told, "boilerplate": len(boilerplate), "mistranslations": _mistranslations(study, statements),
             "language_disagreements": _disagreements(comments, statements) + _disagreements(comments, boilerplate),
             "way": way}
    return {"statements": statements, "profile": profile, "boilerplate": boilerplate}, facts


def _earlier(comments: pd.DataFrame, store: Store, way: str) -> _Known | None:
    """Return what is known of comments that are as they were: statements, boilerplate, and which say nothing."""
    for path, feedback in earlier_stages(store, "language", way, ("feedback",)):
        then = store.read_table(feedback, "comments", ["feedback_id", "text", "language"])
        place = same_rows(comments, then, "feedback_id", ("text", "language"))
        same = then["feedback_id"].iloc[place[place >= 0]]
        statements, boilerplate, profile = (store.read_table(path, name)
                                            for name in ("statements", "boilerplate", "profile"))
        statements, boilerplate, profile = (table[is_among(table["feedback_id"], same)]
                                            for table in (statements, boilerplate, profile))
        return statements, boilerplate, profile.set_index("feedback_id")["says_nothing"]
    return None


def _read(comments: pd.DataFrame, unit: str, earlier: _Known | None, executor: Executor
          ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the statements of comments and those that no customer wrote, in the order of the comments."""
    new = comments if earlier is None else comments[~is_among(comments["feedback_id"], earlier[2].index.to_series())]
    new = new[[name for name in ("feedback_id", "text", "language") if name in new]].reset_index(drop=True)
    done = list(executor.map_blocks(_split, [(new.iloc[rows],) for rows in cut_rows(new["text"])], unit))
    parts = join_tables([own for own, _ in done]), join_tables([rest for _, rest in done])
    if earlier is None:
        return parts
    place = pd.Index(comments["feedback_id"])
    both = [pd.concat([old, fresh]) for old, fresh in zip(earlier[:2], parts, strict=True)]
    order = [np.argsort(place.get_indexer(pd.Index(table["feedback_id"])), kind="stable") for table in both]
    return both[0].iloc[order[0]].reset_index(drop=True), both[1].iloc[order[1]].reset_index(drop=True)


def _split(comments: pd.DataFrame, unit: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    from workbench.language import drop_boilerplate, split_statements

    split = split_statements(comments, unit=unit)
    split.attrs = {}
    own = drop_boilerplate(split) if len(split) else split
    return own, split[~is_among(split["statement_id"], own["statement_id"])]


def _disagreements(comments: pd.DataFrame, statements: pd.DataFrame) -> int:
    """Return how many statements are in another language than their comment states."""
    from workbench.language.split import stated_languages

    stated = pd.Series(stated_languages(comments), index=pd.Index(comments["feedback_id"]), dtype="str")
    said = statements["feedback_id"].map(stated[stated != ""])
    return int((said.notna() & (said != statements["language"])).sum())


def glossary_digest(study: Study) -> str:
    """Return a digest of the study's glossary, empty if it has none."""
    file = study.glossary_file
    return file_digest(file) if file is not None and file.is_file() else ""


def study_glossary(study: Study) -> Glossary | None:
    """Return the study's glossary, if it names one."""
    from workbench.language import LANGUAGES, load_glossary

    return None if study.glossary_file is None else load_glossary(study.glossary_file, LANGUAGES)


def _mistranslations(study: Study, statements: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the known mistranslations that occur, with the comments that hold them, most first."""
    glossary = study_glossary(study)
    if glossary is None:
        return []
    parts = zip(statements["feedback_id"], statements["text"], statements["language"], strict=True)
    rows = [(comment, concept, language, term) for comment, text, language in parts
            for concept, term in glossary.mistranslations(text, language)]
    found = pd.DataFrame(rows, columns=["comment", "concept", "language", "term"])
    counts = found.groupby(["concept", "language", "term"])["comment"].nunique().rename("comments").reset_index()
    counts = counts.sort_values(["comments", "concept", "language", "term"], ascending=[False, True, True, True])
    return [{str(name): value for name, value in row.items()} for row in counts.to_dict("records")]
