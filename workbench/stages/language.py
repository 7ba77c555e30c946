"""The stage that splits comments into statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.stages.result import Result
from workbench.store import Store, Tables, file_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.language.glossary import Glossary


def language_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return what splitting and counting look at, and no more of the comments than that."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "text", "language", "speaker", "duplicate_of") if name in comments]
    return [study.unit, study.insights.count_duplicates, glossary_digest(study), table_digest(comments[used])]


def split_comments(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``statements``, without those that no customer wrote, and one row a comment in ``profile``."""
    from workbench.language import drop_boilerplate, profile_comments, split_statements

    split = split_statements(tables["comments"], unit=study.unit)
    statements = drop_boilerplate(split)
    facts = {"told": f"{len(statements):,} statements in {statements['language'].nunique()} languages",
             "language_disagreements": int(split.attrs.get("language_disagreements", 0)),
             "boilerplate": len(split) - len(statements), "mistranslations": _mistranslations(study, statements)}
    profile = profile_comments(tables["comments"], statements, count_duplicates=study.insights.count_duplicates)
    return {"statements": statements, "profile": profile}, facts


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
