"""The stage that gives themes the numbers that they keep, and applies what people have corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import UNASSIGNED_THEME
from workbench.locks import alone
from workbench.stages.embedding import encoder_identity
from workbench.stages.result import Result
from workbench.stages.words import with_words
from workbench.store import Store, Tables, array_digest, digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.themes.codebook import Codebook
    from workbench.themes.ledger import Prior, Run

EVENTS = ("continued", "born", "merged", "split", "returned", "vanished")
_LINES = 10  # that are told
RESTATED = ["theme_id", "period", "comment_count_before", "base_before", "comment_share_before", "comment_count",
            "base", "comment_share"]


def study_codebook(study: Study) -> Codebook:
    """Return the study's codebook; an empty one if it names none."""
    from workbench.themes.codebook import Codebook, load_codebook

    return Codebook() if study.codebook_file is None else load_codebook(study.codebook_file)


def coding_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return what was found and in what, what the ledger said before this run, and the codebook."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "created_at") if name in comments]
    read = ("statements", "words", "profile", "themes", "labels", "terms")
    counted = [comments[used], *(tables[name] for name in read)]
    return [_found(study, tables), _prior(study, tables).parts(), study_codebook(study).parts(),
            study.insights.confidence, study.insights.period, study.themes.remove_language,
            array_digest(tables["vectors"]), [table_digest(table) for table in counted]]


def code_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return the tables of the themes stage under numbers that are kept, and what changed since the last run.

    Besides: ``theme_events`` (what became of the themes of the run before), ``labels_before`` (what those of them that
    are gone were called, by language), ``theme_restated`` (counts by period as they were then and as they are now),
    ``codebook_report``, ``theme_descriptions``, and what the ledger will need: ``kept_members`` and ``found_centres``
    with ``found_numbers``.
    """
    from workbench.themes.coding import code_themes
    from workbench.themes.find import Themes

    found = _found(study, tables)
    prior, statements = _prior(study, tables), with_words(tables)
    given = Themes(tables["themes"], tables["assignments"], tables["terms"], tables["labels"],
                   np.asarray(tables["theme_centres"]))
    coded = code_themes(given, statements, tables["vectors"], prior, study_codebook(study),
                        encoder=encoder_identity(study), confidence=study.insights.confidence,
                        remove_language=study.themes.remove_language,
                        counted=tables["profile"].set_index("feedback_id")["is_counted"])
    themes = coded.themes
    kept = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": coded.kept})
    made: Tables = {"themes": themes.table, "assignments": themes.assignments, "terms": themes.terms,
                    "labels": themes.labels, "theme_centres": themes.vectors, "theme_events": coded.events,
                    "labels_before": _labels_before(prior.compared, set(themes.table["theme_id"])),
                    "theme_restated": _restated(prior.compared, _periods(study, tables, themes.assignments)),
                    "codebook_report": coded.report, "theme_descriptions": coded.descriptions,
                    "kept_members": kept, "found_centres": given.vectors,
                    "found_numbers": pd.DataFrame({"theme_id": coded.numbers})}
    told = _told(coded.events, coded.report, prior) + (_told_left_behind(study) if prior.baseline is None else "")
    facts = {"told": told, "found": found, "as_found": _as_found(study, tables), "prior": digest(prior.parts()),
             "next_id": coded.next_id, "names": coded.names, "run": prior.number,
             **_baseline(prior.compared, encoder_identity(study))}
    return made, facts


def remember(study: Study, tables: Mapping[str, Any], facts: dict[str, Any]) -> bool:
    """Write the run into the ledger, if it is not there; return whether what it went by still stands.

    It does not if another process has written a run meanwhile: then the stage is to be run again.
    """
    from workbench.themes.ledger import read_ledger, write_ledger

    with alone(study.ledger_lock):
        ledger = read_ledger(study.ledger_file)
        prior = ledger.prior(facts["found"], _settings(study), facts.get("as_found", ""))
        if digest(prior.parts()) != facts["prior"]:
            return False
        if ledger.find(facts["found"]) is None:
            write_ledger(ledger.with_run(_run(study, tables, facts, prior)), study.ledger_file)
    return True


def remember_names(study: Study, own: pd.DataFrame, labels: pd.DataFrame, facts: dict[str, Any]) -> None:
    """Write into the ledger what a language model calls the themes of this run: people rename them by what they see.

    Parameters
    ----------
    study, facts
        As for `remember`, which comes first.
    own, labels
        ``theme_id, language, label`` before and after it was asked.
    """
    from workbench.themes.ledger import read_ledger, write_ledger

    both = labels.merge(own, on=["theme_id", "language"], suffixes=("", "_own"))
    proposed = both[both["label"] != both["label_own"]]
    if not len(proposed):
        return
    names: dict[int, set[str]] = {}
    for theme, name in zip(proposed["theme_id"], proposed["label"], strict=True):
        names.setdefault(int(theme), set()).add(str(name))
    with alone(study.ledger_lock):
        ledger = read_ledger(study.ledger_file)
        known = ledger.with_proposed(facts["run"], names)
        if known != ledger:
            write_ledger(known, study.ledger_file)


def is_remembered(study: Study, facts: dict[str, Any]) -> bool:
    """Return whether the ledger has a run, and would have it go by the same as it did."""
    from workbench.themes.ledger import read_ledger

    ledger, found = read_ledger(study.ledger_file), str(facts.get("found"))
    return ledger.find(found) is not None and \
        digest(ledger.prior(found, _settings(study), facts.get("as_found", "")).parts()) == facts.get("prior")


def _found(study: Study, tables: Tables) -> str:
    """Return what a run is known again by: the themes as they were found, and the rules that people made."""
    return digest(*_themes_as_found(study, tables), study_codebook(study).rules())


def _as_found(study: Study, tables: Tables) -> str:
    """Return what the themes are known again by before any rule."""
    return digest(*_themes_as_found(study, tables))


def _themes_as_found(study: Study, tables: Tables) -> list[str]:
    return [table_digest(tables["assignments"]), array_digest(tables["theme_centres"]), encoder_identity(study)]


def _settings(study: Study) -> str:
    return digest(study.themes.model_dump(mode="json"), study.unit, study.encoder)


def _prior(study: Study, tables: Tables) -> Prior:
    from workbench.themes.ledger import read_ledger

    return read_ledger(study.ledger_file).prior(_found(study, tables), _settings(study), _as_found(study, tables))


def _run(study: Study, tables: Mapping[str, Any], facts: dict[str, Any], prior: Prior) -> Run:
    """Return this run as the ledger keeps it."""
    from workbench.themes.coding import run_of

    periods = _periods(study, tables, tables["assignments"])
    comments = tables["comments"]
    dated = comments["created_at"].dropna() if "created_at" in comments else comments["feedback_id"].head(0)
    cells = periods[periods["comment_count"] > 0]
    counts: dict[int, dict[str, int]] = {}
    for theme, period, count in zip(cells["theme_id"], cells["period"], cells["comment_count"], strict=True):
        counts.setdefault(int(theme), {})[str(period)] = int(count)
    bases = {str(period): int(base) for period, base in zip(periods["period"], periods["base"], strict=True)}
    return run_of(
        tables["statements"], tables["kept_members"]["theme_id"].to_numpy(dtype=np.int64), prior,
        centres=np.asarray(tables["found_centres"]), numbers=tables["found_numbers"]["theme_id"].to_numpy(),
        labels=tables["labels"], pinned=study_codebook(study).pinned(), found=facts["found"],
        settings=_settings(study), encoder=encoder_identity(study), next_id=facts["next_id"],
        names=facts.get("names", {}), as_found=facts.get("as_found", ""),
        last_date=max(dated).date().isoformat() if len(dated) else None, period=study.insights.period,
        period_counts=counts, period_bases=bases)


def _periods(study: Study, tables: Mapping[str, Any], assignments: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each theme by period, the period as the date of its first day."""
    from workbench.insights import share_by_period
    from workbench.stages.insights import members_of

    if "created_at" not in tables["comments"]:
        return pd.DataFrame(columns=["theme_id", "period", "comment_count", "base"])
    counted = tables["profile"].loc[tables["profile"]["is_counted"], ["feedback_id"]]
    dated = tables["comments"][["feedback_id", "created_at"]].merge(counted)
    table = share_by_period(dated, members_of(tables["statements"], assignments, dated), study.insights.period,
                            study.insights.confidence)
    days = table["period"].map(lambda day: pd.Timestamp(day).date().isoformat())
    return table.assign(period=days.astype("str"))[["theme_id", "period", "comment_count", "base"]]


def _restated(baseline: Run | None, now: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the periods of the run before, as they were and as they are, for themes that changed.

    A theme has changed if in a period with as many comments as then it is in another number of them.
    """
    if baseline is None or not len(now):
        return pd.DataFrame(columns=RESTATED)
    then = pd.DataFrame([(theme, period, counts.get(period, 0), base)
                         for theme, counts in baseline.period_counts.items()
                         for period, base in baseline.period_bases.items()],
                        columns=["theme_id", "period", "comment_count_before", "base_before"])
    known = now[now["period"].isin(list(baseline.period_bases))]
    table = then.merge(known, on=["theme_id", "period"], how="outer").sort_values(["theme_id", "period"])
    for name, bases in (("base", known), ("base_before", then)):
        table[name] = table["period"].map(bases.drop_duplicates("period").set_index("period")[name])
    rest = table["theme_id"] == UNASSIGNED_THEME
    for name in ("comment_count", "comment_count_before"):
        table[name] = table[name].mask(rest & table[name].isna(), 0)
    apart = (table["base"] == table["base_before"]) & (table["comment_count"].fillna(0)
                                                       != table["comment_count_before"].fillna(0))
    changed = sorted(set(table.loc[apart, "theme_id"]))
    table["comment_share"] = table["comment_count"] / table["base"].where(table["base"] > 0)
    table["comment_share_before"] = table["comment_count_before"] / table["base_before"].where(table["base_before"] > 0)
    return table.loc[table["theme_id"].isin(changed), RESTATED].reset_index(drop=True)


def _labels_before(baseline: Run | None, there: set[int]) -> pd.DataFrame:
    """Return what the themes that are gone were called in each language in which it was another name."""
    themes = [] if baseline is None else [theme for theme in baseline.themes if theme.theme_id not in there]
    rows = [(theme.theme_id, language, label) for theme in themes for language, label in theme.labels.items()]
    table = pd.DataFrame(rows, columns=["theme_id", "language", "label"])
    return table.astype({"theme_id": "int64", "language": "str", "label": "str"})


def _baseline(baseline: Run | None, encoder: str) -> dict[str, Any]:
    """Return what a report says of the run that this one is held against."""
    if baseline is None:
        return {"baseline_run": None}
    return {"baseline_run": baseline.number, "baseline_date": baseline.last_date,
            "same_encoder": baseline.encoder == encoder}


def _told(events: pd.DataFrame, report: pd.DataFrame, prior: Prior) -> str:
    if prior.baseline is None:
        told = f"first run: {len(events)} themes numbered"
    else:
        counts = events["event"].value_counts()
        told = ", ".join(f"{counts[kind]} {kind}" for kind in EVENTS if kind in counts) or "no themes"
    return told + (f"; rules of the codebook: {report['line'].nunique()}{_told_open(report)}" if len(report) else "")


def _told_open(report: pd.DataFrame) -> str:
    """Return the lines of the rules that are not applied, or not in full."""
    from workbench.themes.corrections import is_open

    lines = sorted(set(report.loc[is_open(report), "line"]))
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    noun = "line" if len(lines) == 1 else "lines"
    return f"; not applied in full: {noun} {', '.join(map(str, lines[:_LINES]))}{more}" if lines else ", all applied"


def _told_left_behind(study: Study) -> str:
    """Return which ledgers lie beside the study's that no study file has: its own may, since it was renamed."""
    others = (file for file in study.ledger_file.parent.glob("*.themes.json") if file != study.ledger_file)
    left = sorted(file.name for file in others if not any(
        (study.folder / f"{file.name.removesuffix('.themes.json')}{ending}").exists() for ending in (".yaml", ".yml")))
    return "" if not left else (f"; {', '.join(left)} belongs to no study file: if it is of this one under another "
                                f"name, put it in place of {study.ledger_file.name} to keep the numbers of themes")
