"""analyse(): the table of contents of the whole pipeline, and Analysis: its tables, stored and reloaded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import workbench
from workbench import stages
from workbench.beside import Begun, Compute, GatheredTables, make_elsewhere, make_stage
from workbench.conditions import read_condition
from workbench.demand import LATER, find_table, needed_stages, with_the_rest
from workbench.errors import InputError, StoreError
from workbench.progress import Progress
from workbench.scale import Call, Executor, Local, count_processes, is_large, open_executor
from workbench.standing import keep_note, look_at, told_stored
from workbench.store import Store, code_digest, digest
from workbench.stored import StoredTables
from workbench.study import Study, load_study
from workbench.timings import timed
from workbench.versions import library_versions

_ATTEMPTS = 5

Inputs = Callable[[Study, Any], list[Any]]


@dataclass(frozen=True)
class Analysis:
    """Everything that was found in a study, as tables.

    Every table is an attribute and an item: ``analysis.comments`` and ``analysis["comments"]``; ``analysis.tables``
    lists them. What they hold is stated in `workbench.columns` and by the function that makes them.

    Attributes
    ----------
    study : Study
        The settings that it was made with.
    tables : mapping
        Name to pandas table, or to a numpy array for ``vectors`` and ``theme_centres``. Each is read, or made if nobody
        has wanted it yet, when it is first asked for; ``dict(analysis.tables)`` makes and reads them all.
    facts : mapping
        Figures of this very run, by stage: how files were read, the resolution and floor of the themes, ...
    key : str
        Changes whenever the result may: data, settings, encoder, package, libraries, the day if dates lie ahead.
    folder : pathlib.Path
        Where the tables lie as Parquet and .npy files, with ``manifest.json``.
    only : dict
        The part of the comments that is counted, such as ``{"market": "EG"}``; empty for all.
    """

    study: Study
    tables: Mapping[str, Any]
    facts: Mapping[str, Any]
    key: str
    folder: Path
    only: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return find_table(self.tables, name)

    def __getattr__(self, name: str) -> Any:
        tables: Mapping[str, Any] = object.__getattribute__(self, "tables") if name != "tables" else {}
        if name in tables:
            return tables[name]
        raise AttributeError(f"an analysis has no {name!r}; its tables are {', '.join(sorted(tables))}")

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self.tables])

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.tables)

    def __repr__(self) -> str:
        counts = f"{len(self['comments']):,} comments, {len(self['themes']) - 1} themes"
        return f"<Analysis of {self.study.name!r}: {counts}, key {self.key[:12]}>"


def analyse(study: str | Path | Study, *, only: Mapping[str, str] | str | None = None,
            tables: Iterable[str] | None = None, cluster: Any = None, processes: int | None = None,
            progress: bool = True) -> Analysis:
    """Return the analysis of a study: stored, if nothing that decides it has changed; made now, otherwise.

    Each stage is stored for itself as soon as it is done. An interrupted run goes on where it stopped, and after
    a change only the stages that depend on it are computed again. The store keeps the twelve analyses used last.

    Parameters
    ----------
    study
        A study, or the path of a study file.
    only
        Count a part of the comments alone: ``{"market": "EG"}`` or ``"market=EG"``, several of them joined by a comma.
        A name is a column of the comments, ``language``, ``stage`` or ``touchpoint``. Themes, stages and tone are those
        of the whole study.
    tables
        The names of the tables that are wanted now, all without it. Stages that none of them takes are left for
        whoever asks for one of their tables: it is made then, the same to the last bit. Themes and what is counted of
        them are always made.
    cluster
        The address of a Dask scheduler, such as ``"tcp://host:8786"``, or a ``dask.distributed.Client``: what can be
        done on blocks of rows is done by its workers (`workbench.scale` says what). The tables are the same.
    processes
        How many processes of this machine may work at the same time, 1 for this one alone. Without it what the
        environment states as ``VOC_PROCESSES``, else as many as there are processors, four at most, and 2 GB of memory
        for each. They start with more than 2,000 rows and end with the analysis; each takes 0.4 GB and what its stage
        needs. The tables are the same.
    progress
        Tell on standard error what each stage did and how long it took.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        If the study, its files, its glossary, its journey model or the encoder are wrong, no table has a name that is
        wanted, or the cluster cannot do its part; the message says what to do.
    """
    again = partial(analyse, study, only=only, cluster=cluster, processes=processes, progress=progress)
    if processes is not None:
        count_processes(processes)
    is_as_written, only = not isinstance(study, Study), read_condition(only)
    study = study if isinstance(study, Study) else load_study(study)
    run = _Run(study, only, needed_stages(tables, bool(only)), again, sys.stderr if progress else None, is_as_written)
    if (stored := run.stored()) is not None:
        return stored
    stages.check_models(study)
    with open_executor(cluster, processes) as run.executor:
        if cluster is not None:
            run.progress.say(f"{run.executor}")
        run.stage("feedback", run.feedback_inputs, run.read_feedback)
        stages.check_columns(study, run.tables["comments"], run.only)
        run.stage("language", stages.language_inputs, run.over_blocks(stages.split_comments))
        run.stage("words", stages.word_inputs, run.over_blocks(stages.count_all))
        run.stage("embedding", stages.embedding_inputs, run.over_blocks(stages.embed_all))
        run.beside("tone", stages.tone_inputs, run.over_blocks(stages.tell_tones), stages.asks_large_model(study))
        run.beside("reading", stages.reading_inputs, run.over_blocks(stages.read_all), stages.asks_large_encoder(study))
        run.stage("themes", stages.theme_inputs, run.over_blocks(stages.find_all))
        run.keep_numbers()
        own = run.tables["labels"]
        run.stage("naming", stages.naming_inputs, stages.propose_all)
        stages.remember_names(study, own, run.tables["labels"], run.facts["coding"])
        run.beside("map", stages.map_inputs, stages.lay_out_all)
        run.beside("quality", stages.quality_inputs, run.over_blocks(stages.examine_all),
                   stages.finds_again(study, len(run.tables["statements"])))
        run.join()
        run.beside("journey", stages.journey_inputs, stages.map_all, stages.asks_large_encoder(study))
        if run.only:
            run.join()
            run.stage("cut", partial(stages.cut_inputs, run.only), partial(stages.cut, run.only))
            run.study = stages.without_expectations(run.study, run.only)
        run.beside("insights", stages.insight_inputs, stages.tell_all)
        run.join()
        run.beside("tone_counts", stages.tone_count_inputs, stages.count_tones)
        run.stage("voices", stages.voice_inputs, stages.hear_all)
        run.beside("paths", stages.path_inputs, stages.follow_all)
        run.stage("evidence", stages.evidence_inputs, run.over_blocks(stages.weigh_all))
        run.join()
        return run.finish()


class _Run:
    """One pass over the stages that are needed: what is stored is read, the rest is computed, stored and told."""

    def __init__(self, study: Study, only: dict[str, str], needed: frozenset[str], again: Callable[..., Analysis],
                 stream: TextIO | None, is_as_written: bool = False) -> None:
        self.study = study
        self.only = only
        self.needed = needed
        self._again = again
        self.store = Store(study.store_folder)
        self.progress = Progress(stream)
        self.tables = GatheredTables({})
        self.facts: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        self.executor: Executor = Local()
        self._begun: list[Begun] = []
        self.opened = stages.open_feedback(study)
        self._seen = look_at(study, self.opened) if is_as_written else None
        self._feedback_inputs = stages.feedback_inputs(self.opened, study)
        self._written = stages.written_inputs(study)
        self.code = [workbench.__version__, code_digest(), library_versions()]
        models = {"encoder": stages.encoder_identity(study), "tone model": stages.tone_digest(study),
                  "choice of themes that are kept": stages.kept_themes_digest(study)}
        self.made_of = {"files": self._feedback_inputs[1], "code": code_digest(), **self._written, **models}
        self.inputs = digest(self.code, self._feedback_inputs, study.model_dump(mode="json", exclude={"store"}),
                             self._written, models, only)

    def stored(self) -> Analysis | None:
        """Return the fullest stored analysis of these inputs that has what is needed and holds by ledger and today."""
        found = [one for one in self.store.analyses_of(self.inputs) if self.needed <= set(one[1]["stages"])]
        for path, manifest in sorted(found, key=lambda one: -len(one[1]["stages"])):
            tables, facts = self.store.open(path), manifest["facts"]
            if tables is not None and stages.is_remembered(self.study, facts["coding"]) \
                    and stages.is_current(self.study, facts["insights"]):
                self.store.mark_used(path)
                self.progress.say(told_stored(manifest["key"]))
                return self._analysis(tables, facts, manifest["key"], path)
        return None

    def keep_numbers(self) -> None:
        """Give themes the numbers of the ledger, and write this run into it; again, if another process was first."""
        found = self.tables.folders
        for _ in range(_ATTEMPTS):
            self.tables = GatheredTables(found)
            self.stage("coding", stages.coding_inputs, stages.code_all)
            if stages.remember(self.study, self.tables, self.facts["coding"]):
                return
        raise StoreError(f"{self.study.ledger_file.name} was changed again and again; stop other runs of this study.")

    def feedback_inputs(self, study: Study, tables: Any) -> list[Any]:
        """Return what the feedback stage is keyed by, which was read for the key of the analysis already."""
        return self._feedback_inputs

    def read_feedback(self, study: Study, tables: Any, store: Store) -> stages.Result:
        """Read the files, which must be those that the analysis is keyed by."""
        return stages.read_feedback(self.opened, study, tables, store, keyed_by=self._feedback_inputs)

    def over_blocks(self, compute: Callable[..., stages.Result]) -> Compute:
        """Return a stage's computation, done by the executor of this run."""
        return partial(compute, executor=self.executor)

    def stage(self, name: str, inputs: Inputs, compute: Compute) -> None:
        """Add a stage's tables to those so far: stored ones where its inputs are the same, else made now."""
        if self._is_left_out(name):
            return
        with timed(name):
            self._add(name, self._key(name, inputs), compute)

    def beside(self, name: str, inputs: Inputs, compute: Compute, at_home: bool = False) -> None:
        """Begin a stage that another process may make meanwhile, unless it stays at home; `join` adds its tables."""
        if self._is_left_out(name):
            return
        key, call = self._key(name, inputs), None
        worth = is_large(len(self.tables["statements"])) and not self.store.holds(self.store.stage_path(name, key))
        if worth and not at_home:
            call = self.executor.begin(make_elsewhere, self.study, self.store, GatheredTables(self.tables.folders),
                                       name, key, compute)
        if call is None:
            self._add_now(name, key, compute)
        else:
            self._begun.append(Begun(name, key, compute, call))

    def _is_left_out(self, name: str) -> bool:
        return name in LATER and name not in self.needed

    def join(self) -> None:
        """Add the tables of all stages that were begun; those that no other process has taken up are made here."""
        while self._begun:
            free = next((one for one in self._begun if one.call.claim()), None)
            one = free or self._begun[0]
            self._begun.remove(one)
            if one is free:
                self._add_now(one.name, one.key, one.compute)
            else:
                self._add(one.name, one.key, one.call)

    def _add_now(self, name: str, key: str, compute: Compute) -> None:
        with timed(name):
            self._add(name, key, compute)

    def _key(self, name: str, inputs: Inputs) -> str:
        return digest(name, self.code, inputs(self.study, self.tables))

    def _add(self, name: str, key: str, make: Compute | Call) -> None:
        """Add the tables of a stage, which are made here, by another process, or stored."""
        path = self.store.stage_path(name, key)
        self.keys[name] = key
        tables, how = self.store.open(path) if callable(make) else None, "  stored"
        if tables is None:
            how = f"{self._seconds(name, key, make):6.1f} s"
            tables = StoredTables(path)  # as every later run will see them
        else:
            self.store.mark_used(path)
        self.facts[name] = self.store.manifest(path)["facts"]
        self.tables.add(tables, path)
        self.tables.make_room()
        self.progress.say(f"\r{name:<10} {how}   {self.facts[name].get('told', '')}")

    def _seconds(self, name: str, key: str, make: Compute | Call) -> float:
        """Make a stage, or wait until another process has made it; return how long it took."""
        self.executor.tell = self.progress.tell_blocks
        with self.progress.making(name):
            if callable(make):
                return make_stage(self.study, self.store, self.tables, name, key, make)
            return float(make.result())

    def finish(self) -> Analysis:
        """Store everything as one analysis, and let go of what has not been used for long, and of the encoder."""
        from workbench.embedding.encoders import let_go_of_hub

        let_go_of_hub()
        self._check_unedited()
        key = digest(self.inputs, self.facts["coding"]["prior"], self.keys["insights"])
        path = self.store.analysis_path(key, [stage for stage in LATER if stage not in self.facts])
        manifest = {"study": self.study.model_dump(mode="json"), "key": key, "inputs": self.inputs, "only": self.only,
                    "made_of": self.made_of, "facts": self.facts, "stages": self.keys, "version": workbench.__version__,
                    "packages": {"python": sys.version.split()[0], **library_versions()}}
        self.store.gather(path, self.tables.folders, manifest)
        self.store.prune()
        tables = StoredTables(path) if self.tables.is_large else dict(sorted(self.tables.items()))
        return self._analysis(tables, self.facts, key, path)

    def _check_unedited(self) -> None:
        """Raise if people have edited what some stages read as it was, and others as it is."""
        now = stages.written_inputs(self.study)
        if changed := [name for name, before in self._written.items() if now[name] != before]:
            raise InputError(f"the {' and the '.join(changed)} of the study changed while it was analysed: run again; "
                             "what does not hang on it is stored.")

    def _analysis(self, tables: Mapping[str, Any], facts: Mapping[str, Any], key: str, path: Path) -> Analysis:
        """Return what was made or stored, with whatever else there is to be made of it; note that it holds."""
        if self._seen and facts["insights"]["exceeded_day"] is None:  # files tell it, and not the day
            keep_note(self.study, self.only, self._seen, key, path, facts)
        study = stages.without_expectations(self.study, self.only)
        tables, facts = with_the_rest(tables, facts, partial(self._more, key))
        return Analysis(study, tables, facts, key, path, self.only)

    def _more(self, key: str, tables: list[str]) -> Analysis:
        """Return the same analysis with further tables."""
        found = self._again(tables=tables)
        if found.key != key:
            raise StoreError("The study is no longer as it was when it was analysed, so further tables would be of "
                             "other comments; analyse it again.")
        return found
