"""analyse(): the table of contents of the whole pipeline, and Analysis: its tables, stored and reloaded."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

import workbench
from workbench.errors import InputError
from workbench.store import Store, Tables, code_digest, digest, file_digest, table_digest
from workbench.study import Study, load_study

LABEL_LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr")
STAGES = ("feedback", "language", "embedding", "themes", "journey", "insights")


@dataclass(frozen=True)
class Analysis:
    """Everything that was found in a study, as tables.

    Every table is an attribute and an item: ``analysis.comments`` and ``analysis["comments"]``. The tables are
    listed by ``analysis.tables``; what they hold is stated in `workbench.columns` and by the function that makes
    them.

    Attributes
    ----------
    study : Study
        The settings that it was made with.
    tables : dict
        Name to pandas table, or to a numpy array for ``vectors`` and ``theme_centres``.
    facts : dict
        Figures of this very run, by stage: how files were read, the resolution and floor of the themes, ...
    key : str
        Changes whenever the result may: data, settings, encoder, package.
    folder : pathlib.Path
        Where the tables lie as Parquet and .npy files, with ``manifest.json``.
    """

    study: Study
    tables: Tables
    facts: dict[str, Any]
    key: str
    folder: Path

    def __getitem__(self, name: str) -> Any:
        return self.tables[name]

    def __getattr__(self, name: str) -> Any:
        tables: Tables = object.__getattribute__(self, "tables") if name != "tables" else {}
        if name in tables:
            return tables[name]
        raise AttributeError(f"an analysis has no {name!r}; its tables are {', '.join(sorted(tables))}")

    def __repr__(self) -> str:
        counts = f"{len(self['comments']):,} comments, {len(self['themes']) - 1} themes"
        return f"<Analysis of {self.study.name!r}: {counts}, key {self.key[:12]}>"


def analyse(study: str | Path | Study, *, progress: bool = True) -> Analysis:
    """Return the analysis of a study: stored, if nothing that decides it has changed; made now, otherwise.

    Each stage is stored for itself as soon as it is done. An interrupted run goes on where it stopped, and after
    a change only the stages that depend on it are computed again.

    Parameters
    ----------
    study
        A study, or the path of a study file.
    progress
        Tell on standard error what each stage did and how long it took.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        If the study, its files or the encoder are wrong; the message says what to do.
    """
    study = study if isinstance(study, Study) else load_study(study)
    run = _Run(study, sys.stderr if progress else None)
    stored = run.stored()
    if stored is not None:
        return stored
    read = run.stage("feedback", _feedback_inputs(study), lambda: _read_feedback(study))
    said = run.stage("language", _language_inputs(study, read), lambda: _split(study, read))
    meant = run.stage("embedding", _embedding_inputs(study, said), lambda: _embed(study, said, run.store))
    found = run.stage("themes", _theme_inputs(study, said, meant), lambda: _find(study, said, meant))
    mapped = run.stage("journey", _journey_inputs(study, read, said, meant, found),
                       lambda: _map(study, read, said, meant, found))
    told = run.stage("insights", _insight_inputs(study, read, said, found, mapped),
                     lambda: _tell(study, read, said, found, mapped))
    return run.finish({**read, **said, **meant, **found, **mapped, **told})


class _Run:
    """One pass over the stages: what is stored is read, the rest is computed, stored and told."""

    def __init__(self, study: Study, stream: TextIO | None) -> None:
        self.study = study
        self.store = Store(study.store_folder)
        self.stream = stream
        self.facts: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        self.key = digest(workbench.__version__, code_digest(), _feedback_inputs(study),
                          study.model_dump(mode="json", exclude={"store"}), _encoder_identity(study),
                          _journey_digest(study))

    def stored(self) -> Analysis | None:
        path = self.store.analysis_path(self.key)
        tables = self.store.read(path)
        if tables is None:
            return None
        self.facts = self.store.manifest(path)["facts"]
        self._say(f"Stored analysis {self.key[:12]}: nothing has changed since it was made.")
        return Analysis(self.study, tables, self.facts, self.key, path)

    def stage(self, name: str, inputs: Any, compute: Callable[[], tuple[Tables, dict[str, Any]]]) -> Tables:
        started = time.perf_counter()
        key = digest(name, workbench.__version__, code_digest(), inputs)
        path = self.store.stage_path(name, key)
        self.keys[name] = key
        tables = self.store.read(path)
        if tables is None:
            self._say(f"{name:<10} ...", end="")
            tables, facts = compute()
            self.store.write(path, tables, {"stage": name, "key": key, "facts": facts})
            how = f"{time.perf_counter() - started:6.1f} s"
        else:
            facts = self.store.manifest(path)["facts"]
            how = "  stored"
        self.facts[name] = facts
        self._say(f"\r{name:<10} {how}   {facts.get('told', '')}")
        return tables

    def finish(self, tables: Tables) -> Analysis:
        path = self.store.analysis_path(self.key)
        manifest = {"study": self.study.model_dump(mode="json"), "key": self.key, "facts": self.facts,
                    "stages": self.keys, "version": workbench.__version__, "packages": _versions()}
        self.store.write(path, tables, manifest)
        return Analysis(self.study, tables, self.facts, self.key, path)

    def _say(self, text: str, end: str = "\n") -> None:
        if self.stream is not None:
            self.stream.write(text + end)
            self.stream.flush()


def _feedback_inputs(study: Study) -> list[Any]:
    from workbench.feedback import source_files

    return [
        [source.model_dump(mode="json"), [[path.name, file_digest(path)] for path in source_files(source, study.folder)]]
        for source in study.feedback
    ]


def _read_feedback(study: Study) -> tuple[Tables, dict[str, Any]]:
    from workbench.feedback import load_sources, mark_duplicates

    comments, rejected = load_sources(study.feedback, study.folder)
    if not len(comments):
        raise InputError(f"None of the {len(rejected)} rows can be used; run `voc check` on the file to see why.")
    readings = list(comments.attrs.get("readings", []))
    comments = comments.assign(duplicate_of=mark_duplicates(comments))
    comments.attrs = {}
    told = f"{len(comments):,} comments, {len(rejected):,} rejected"
    return {"comments": comments, "rejected": rejected}, {"told": told, "readings": readings}


def _language_inputs(study: Study, read: Tables) -> list[Any]:
    comments = read["comments"]
    used = [name for name in ("feedback_id", "text", "language", "speaker", "duplicate_of") if name in comments]
    return [study.unit, table_digest(comments[used])]


def _split(study: Study, read: Tables) -> tuple[Tables, dict[str, Any]]:
    from workbench.language import profile_comments, split_statements

    statements = split_statements(read["comments"], unit=study.unit)
    facts = {"told": f"{len(statements):,} statements in {statements['language'].nunique()} languages",
             "language_disagreements": int(statements.attrs.get("language_disagreements", 0))}
    statements.attrs = {}
    return {"statements": statements, "profile": profile_comments(read["comments"], statements)}, facts


def _encoder_identity(study: Study) -> str:
    from workbench.embedding import identify_encoder

    return identify_encoder(study.encoder_name())


def _embedding_inputs(study: Study, said: Tables) -> list[Any]:
    return [_encoder_identity(study), study.names, table_digest(said["statements"][["statement_id", "text", "language"]])]


def _embed(study: Study, said: Tables, store: Store) -> tuple[Tables, dict[str, Any]]:
    from workbench.embedding import embed_statements, load_encoder

    encoder = load_encoder(study.encoder_name())
    known = {"texts": 0, "known": 0}

    def note(done: int, total: int) -> None:
        if not known["texts"]:
            known.update(texts=total, known=done)

    vectors = embed_statements(said["statements"], encoder, names=study.names, cache=store.vectors, progress=note)
    told = f"{known['texts']:,} distinct texts, {known['texts'] - known['known']:,} of them new"
    empty = int((np.abs(vectors).sum(axis=1) == 0).sum())
    return {"vectors": vectors}, {"told": told, "encoder": encoder.name, "identity": encoder.identity,
                                  "dimensions": encoder.dimensions, "without_vector": empty}


def _theme_inputs(study: Study, said: Tables, meant: Tables) -> list[Any]:
    return [study.themes.model_dump(mode="json"), study.insights.confidence, table_digest(said["statements"]),
            table_digest(said["profile"]), _array_digest(meant["vectors"])]


def _find(study: Study, said: Tables, meant: Tables) -> tuple[Tables, dict[str, Any]]:
    from workbench.themes import find_themes

    settings = study.themes
    counted = said["profile"].set_index("feedback_id")["is_counted"]
    themes = find_themes(
        said["statements"], meant["vectors"], seed=settings.seed, resolution=settings.resolution,
        minimum_size=settings.minimum_size, neighbours=settings.neighbours, floor=settings.floor,
        label_languages=LABEL_LANGUAGES, counted=counted,
    )
    assigned = float((themes.assignments["theme_id"] >= 0).mean())
    tables: Tables = {"themes": themes.table, "assignments": themes.assignments, "terms": themes.terms,
                      "labels": themes.labels, "theme_centres": themes.vectors}
    told = f"{len(themes.vectors)} themes, {assigned:.0%} of statements assigned"
    return tables, {"told": told, **themes.facts}


def _journey_digest(study: Study) -> str:
    from workbench.journey import model_file

    return file_digest(model_file(study.journey_model()))


def _journey_inputs(study: Study, read: Tables, said: Tables, meant: Tables, found: Tables) -> list[Any]:
    comments = read["comments"]
    used = [name for name in ("feedback_id", "touchpoint", "channel", "question") if name in comments]
    return [_journey_digest(study), _encoder_identity(study), study.insights.confidence,
            table_digest(comments[used]), table_digest(said["statements"]), table_digest(said["profile"]),
            _array_digest(meant["vectors"]), table_digest(found["assignments"])]


def _map(study: Study, read: Tables, said: Tables, meant: Tables, found: Tables) -> tuple[Tables, dict[str, Any]]:
    from workbench.embedding import load_encoder
    from workbench.journey import load_journey_model, map_journey

    model = load_journey_model(study.journey_model())
    journey = map_journey(
        said["statements"], meant["vectors"], found["assignments"], comments=read["comments"], model=model,
        encoder=load_encoder(study.encoder_name()),
        counted=said["profile"].set_index("feedback_id")["is_counted"],
    )
    mapped = float((journey.assignments["stage_id"] != "unassigned").mean())
    tables: Tables = {"journey": journey.assignments, "stage_sets": journey.sets, "touchpoints": journey.touchpoints,
                      "stage_shares": journey.table, "stages": model.stage_table()}
    return tables, {"told": f"{mapped:.0%} of statements mapped to a stage", **journey.facts}


def _insight_inputs(study: Study, read: Tables, said: Tables, found: Tables, mapped: Tables) -> list[Any]:
    tables = [read["comments"], said["profile"], said["statements"], found["themes"], found["assignments"],
              mapped["stage_sets"], mapped["stages"]]
    return [study.insights.model_dump(mode="json"), study.expected, study.themes.seed,
            [table_digest(table) for table in tables]]


def _tell(study: Study, read: Tables, said: Tables, found: Tables, mapped: Tables) -> tuple[Tables, dict[str, Any]]:
    from workbench import insights

    confidence = study.insights.confidence
    stated = read["comments"].drop(columns=["language", "duplicate_of"], errors="ignore")
    everybody = stated.merge(said["profile"], on="feedback_id")
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    members = _members(said["statements"], found["assignments"], counted)
    coverage = pd.concat([
        insights.cover(counted, study.expected, confidence),
        insights.cover_stages(mapped["stage_sets"], said["statements"][said["statements"]["feedback_id"].isin(
            counted["feedback_id"])], list(mapped["stages"]["stage_id"]), len(counted), confidence),
    ], ignore_index=True)
    scores = insights.score_all(counted, confidence)
    theme_scores = insights.score_themes(counted, members, confidence)
    dated = "created_at" in counted
    periods = insights.share_by_period(counted, members, study.insights.period, confidence) if dated else \
        pd.DataFrame()
    stretches = insights.find_stretches(periods, study.themes.seed, confidence) if len(periods) else pd.DataFrame()
    quotes = insights.choose_quotes(said["statements"], found["assignments"], counted)
    headlines = insights.rank_headlines(found["themes"], theme_scores, scores, stretches, coverage,
                                        minimum_cell=study.insights.minimum_cell)
    tables: Tables = {"coverage": coverage, "scores": scores, "theme_scores": theme_scores, "members": members,
                      "periods": periods, "stretches": stretches, "quotes": quotes, "headlines": headlines}
    facts = {"told": f"{len(headlines)} findings from {len(counted):,} counted comments", "counted": len(counted),
             "comments": len(everybody), "says_nothing": int(everybody["says_nothing"].sum()),
             "duplicates": int(everybody["duplicate_of"].notna().sum()),
             "speaks_for_customers": int(everybody["speaks_for_customers"].sum())}
    return tables, facts


def _members(statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return one row a counted comment and theme."""
    joined = statements[["statement_id", "feedback_id"]].merge(assignments[["statement_id", "theme_id"]])
    joined = joined[joined["feedback_id"].isin(counted["feedback_id"])]
    pairs = joined[["feedback_id", "theme_id"]].drop_duplicates()
    return pairs.sort_values(["theme_id", "feedback_id"], ignore_index=True)


def _array_digest(array: np.ndarray) -> str:
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": sys.version.split()[0]}
    for name in ("bertopic", "igraph", "numpy", "pandas", "scikit-learn", "scipy", "tokenizers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
