"""The sets that themes are measured on: statements of one comment each, with people's labels where there are any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "study.yaml"
MIXED = 6_500
POOLED = ("banking77_en", "banking77_ar_sample", "clinc150", "airline_tweets", "sib200_20_languages",
          "persian_snappfood", "semeval2016_ar_hotel_reviews", "olist_reviews_all_incl_no_text")


def labelled(data: Path, name: str) -> pd.DataFrame:
    """Return a set by its name, a key of `SETS`."""
    return as_statements(SETS[name](data)) if name != "sample" else sample_statements()


def take(rows: pd.DataFrame, count: int | None) -> pd.DataFrame:
    """Return so many of a set's statements, drawn at random."""
    if count is None or len(rows) <= count:
        return rows
    return rows.sample(count, random_state=0).sort_index().reset_index(drop=True)


def pooled(data: Path) -> pd.DataFrame:
    """All rows of all sets that are there, shuffled: real texts in 21 languages and spellings."""
    rows = pd.concat([_read(data, name) for name in POOLED if (data / f"{name}.parquet").is_file()])
    return as_statements(rows.drop_duplicates("text").sample(frac=1, random_state=0).drop(columns="gold"))


def as_statements(rows: pd.DataFrame) -> pd.DataFrame:
    """Each text is one statement of one comment."""
    ids = [f"{number:06d}" for number in range(len(rows))]
    return rows.assign(feedback_id=ids, statement_id=[f"{name}/0" for name in ids], start=0,
                       end=rows["text"].str.len(), language_confidence=1.0, direction="ltr", script="Zyyy",
                       romanised=False).reset_index(drop=True)


def sample_statements() -> pd.DataFrame:
    """The sample's statements as `voc analyse` cuts them, with the first code of the gold statement they overlap."""
    from benchmarks.sample import _gold_of
    from workbench import stages
    from workbench.store import Store
    from workbench.study import load_study

    study = load_study(SAMPLE)
    tables, _ = stages.read_feedback(stages.open_feedback(study), study, {}, Store(study.store_folder))
    statements = stages.split_comments(study, tables, Store(study.store_folder))[0]["statements"]
    gold = _gold_of(statements).set_index("statement_id")["theme"].replace("", None)
    return statements.assign(gold=statements["statement_id"].map(gold))


def _read(data: Path, name: str, label: str = "label") -> pd.DataFrame:
    table = pd.read_parquet(data / f"{name}.parquet")
    rows = pd.DataFrame({"text": table["text"].fillna("").astype(str), "gold": table.get(label),
                         "language": table["language"].fillna("en").str[:2]})
    return rows[rows["text"].str.strip() != ""].drop_duplicates("text")


def _mixed(data: Path) -> pd.DataFrame:
    parts = [_read(data, name) for name in ("banking77_en", "banking77_ar_sample")]
    return pd.concat([part.sample(min(MIXED, len(part)), random_state=0) for part in parts])


def _clinc(data: Path) -> pd.DataFrame:
    rows = _read(data, "clinc150")
    return rows[rows["gold"] != "oos"]


def _reasons(data: Path) -> pd.DataFrame:
    rows = _read(data, "airline_tweets", "label2")
    return rows[rows["gold"].notna() & ~rows["gold"].isin(["Can't Tell", ""])]


SETS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "banking77_en": lambda data: _read(data, "banking77_en"),
    "banking77_ar": lambda data: _read(data, "banking77_ar_sample"),
    "banking77_mixed": _mixed,
    "clinc150": _clinc,
    "airline_tweets": _reasons,
    "sample": lambda data: sample_statements(),
    "banking77_en_minilm": lambda data: _read(data, "banking77_en"),
    "clinc150_minilm": _clinc,
    "airline_tweets_minilm": _reasons,
}
ENGLISH_ONLY = "_minilm"
"""The end of the names of sets that are read by all-MiniLM-L6-v2, BERTopic's own choice for English."""


def read(name: str, rows: pd.DataFrame) -> np.ndarray:
    """Return the vectors of a set's statements, of unit length."""
    from workbench.embedding import embed_statements

    if not name.endswith(ENGLISH_ONLY):
        return embed_statements(rows)
    from workbench.embedding.training.teacher import TESTED, embed_batch, load_teacher

    teacher = load_teacher(TESTED, threads=2)
    return embed_batch(teacher, rows["text"].tolist()).astype(np.float32)
