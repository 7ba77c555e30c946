"""analyse(): the table of contents of the whole pipeline, and Analysis: its tables, stored and reloaded."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import workbench
from workbench import stages
from workbench.store import Store, Tables, code_digest, digest
from workbench.study import Study, load_study


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
    run.stage("feedback", run.feedback_inputs, partial(stages.read_feedback, run.opened))
    run.stage("language", stages.language_inputs, stages.split_comments)
    run.stage("embedding", stages.embedding_inputs, stages.embed_all)
    run.stage("themes", stages.theme_inputs, stages.find_all)
    run.stage("journey", stages.journey_inputs, stages.map_all)
    run.stage("insights", stages.insight_inputs, stages.tell_all)
    return run.finish()


class _Run:
    """One pass over the stages: what is stored is read, the rest is computed, stored and told."""

    def __init__(self, study: Study, stream: TextIO | None) -> None:
        self.study = study
        self.store = Store(study.store_folder)
        self.stream = stream
        self.tables: Tables = {}
        self.facts: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        self.opened = stages.open_feedback(study)
        self._feedback_inputs = stages.feedback_inputs(self.opened, study)
        self.key = digest(workbench.__version__, code_digest(), self._feedback_inputs,
                          study.model_dump(mode="json", exclude={"store"}), stages.encoder_identity(study),
                          stages.journey_digest(study), stages.glossary_digest(study))

    def stored(self) -> Analysis | None:
        """Return the stored analysis of just these inputs, if there is one."""
        path = self.store.analysis_path(self.key)
        tables = self.store.read(path)
        if tables is None:
            return None
        self.facts = self.store.manifest(path)["facts"]
        self._say(f"Stored analysis {self.key[:12]}: nothing has changed since it was made.")
        return Analysis(self.study, tables, self.facts, self.key, path)

    def feedback_inputs(self, study: Study, tables: Tables) -> list[Any]:
        """Return what the feedback stage is keyed by, which was read for the key of the analysis already."""
        return self._feedback_inputs

    def stage(self, name: str, inputs: Callable[[Study, Tables], list[Any]],
              compute: Callable[[Study, Tables, Store], stages.Result]) -> None:
        """Add a stage's tables to those so far: stored ones where its inputs are the same, else made now."""
        started = time.perf_counter()
        key = digest(name, workbench.__version__, code_digest(), inputs(self.study, self.tables))
        path = self.store.stage_path(name, key)
        self.keys[name] = key
        tables = self.store.read(path)
        if tables is None:
            self._say(f"{name:<10} ...", end="")
            tables, facts = compute(self.study, self.tables, self.store)
            self.store.write(path, tables, {"stage": name, "key": key, "facts": facts})
            tables = self.store.read(path) or {}  # as every later run will see them
            how = f"{time.perf_counter() - started:6.1f} s"
        else:
            facts = self.store.manifest(path)["facts"]
            how = "  stored"
        self.facts[name] = facts
        self.tables.update(tables)
        self._say(f"\r{name:<10} {how}   {facts.get('told', '')}")

    def finish(self) -> Analysis:
        """Store everything as one analysis."""
        path = self.store.analysis_path(self.key)
        manifest = {"study": self.study.model_dump(mode="json"), "key": self.key, "facts": self.facts,
                    "stages": self.keys, "version": workbench.__version__, "packages": _versions()}
        self.store.write(path, self.tables, manifest)
        return Analysis(self.study, self.tables, self.facts, self.key, path)

    def _say(self, text: str, end: str = "\n") -> None:
        if self.stream is not None:
            self.stream.write(text + end)
            self.stream.flush()


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": sys.version.split()[0]}
    for name in ("bertopic", "igraph", "numpy", "pandas", "scikit-learn", "scipy", "tokenizers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
