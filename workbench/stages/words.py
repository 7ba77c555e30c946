"""The stage that counts the words of statements, once for all that speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.columns import WORDS, is_among, names
from workbench.language.glossary import Glossary
from workbench.scale import Executor, Local, cut_rows, join_tables
from workbench.stages.earlier import earlier_stages, same_rows, way_digest
from workbench.stages.language import glossary_digest, study_glossary
from workbench.stages.result import Result
from workbench.store import Store, Tables, table_digest
from workbench.study import Study

_DECIDING = ("feedback_id", "start", "end", "text", "language")


def word_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the statements, their whole comments, and what makes terms of words."""
    statements, comments = tables["statements"], tables["comments"]
    return [study.order_number, glossary_digest(study), table_digest(statements[["statement_id", *_DECIDING]]),
            table_digest(comments[["feedback_id", "text"]])]


def count_all(study: Study, tables: Tables, store: Store, executor: Executor | None = None) -> Result:
    """Return ``words``, a row a statement. What an earlier run has counted is not counted again; the rest is counted
    in blocks of whole comments."""
    way = way_digest(study.order_number, glossary_digest(study))
    statements, comments = tables["statements"], tables["comments"][["feedback_id", "text"]]
    known = _earlier(statements, comments, store, way)
    new = statements if known is None else statements[~is_among(statements["statement_id"], known["statement_id"])]
    words = _count(new, comments, study, executor or Local())
    if known is not None:
        both = pd.concat([known, words], ignore_index=True)
        place = pd.Index(both["statement_id"]).get_indexer(pd.Index(statements["statement_id"]))
        words = both.take(place).reset_index(drop=True)
    told = f"{int(words['content_count'].sum()):,} of {int(words['word_count'].sum()):,} words say something"
    told += f", {len(new):,} statements new" if known is not None else ""
    return {"words": words}, {"told": told, "way": way}


def with_words(tables: Tables, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the statements with their words, or these columns of them, as `find_terms` and `measure_quality` want."""
    words = tables["words"] if columns is None else tables["words"][["statement_id", *columns]]
    return tables["statements"].merge(words, on="statement_id", how="left", validate="one_to_one")


def _count(statements: pd.DataFrame, comments: pd.DataFrame, study: Study, executor: Executor) -> pd.DataFrame:
    read = statements[["statement_id", *_DECIDING]].reset_index(drop=True)
    own = comments[is_among(comments["feedback_id"], read["feedback_id"])].set_index("feedback_id")
    blocks = []
    for rows in cut_rows(read["text"], read["feedback_id"]):
        part = read.iloc[rows]
        blocks.append((part, own.reindex(part["feedback_id"].unique()).reset_index()))
    return join_tables(list(executor.map_blocks(_count_block, blocks, study_glossary(study), study.order_number)))


def _count_block(statements: pd.DataFrame, comments: pd.DataFrame, glossary: Glossary | None, order_number: str | None
                 ) -> pd.DataFrame:
    from workbench.themes import count_words

    return count_words(statements, glossary, order_number, comments)


def _earlier(statements: pd.DataFrame, comments: pd.DataFrame, store: Store, way: str) -> pd.DataFrame | None:
    """Return what is known of statements that are as they were, in comments that are as they were."""
    for path, language, feedback in earlier_stages(store, "words", way, ("language", "feedback")):
        then = store.read_table(feedback, "comments", ["feedback_id", "text"])
        same = comments.loc[same_rows(comments, then, "feedback_id", ("text",)) >= 0, "feedback_id"]
        then = store.read_table(language, "statements", ["statement_id", *_DECIDING])
        place = same_rows(statements, then, "statement_id", _DECIDING)
        ids = statements.loc[(place >= 0) & is_among(statements["feedback_id"], same).to_numpy(), "statement_id"]
        words = store.read_table(path, "words", names(WORDS))
        return words[is_among(words["statement_id"], ids)]
    return None
