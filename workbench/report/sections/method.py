"""How this report came to its numbers, and where it is weak: with this run's own figures."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.charts import Html, table_html
from workbench.insights.clusters import cluster_of
from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD, Lines, what_is_hidden
from workbench.report.sections.withheld import hidden_cells, is_hidden, without_hidden
from workbench.report.sections.wording import (
    confidence,
    found_on_sample,
    interval,
    isolated,
    other_than_asked,
    value_name,
)

if TYPE_CHECKING:
    from workbench.analysis import Analysis
    from workbench.report.messages import Messages

_MANY = 200  # statements of which a whole percent is two at least


def how_it_was_made(analysis: Analysis, m: Messages) -> Html:
    """Return the steps of this run, each with its figures."""
    items = [f'<li dir="{m.direction}">{escape(text)}</li>' for text in _steps(analysis, m)]
    return Html(f"<ul>{''.join(items)}</ul>")


def _steps(analysis: Analysis, m: Messages) -> list[str]:
    facts = analysis.facts
    told, themes, journey = facts["insights"], facts["themes"], facts["journey"]
    encoder = m("method.encoder_embedded") if facts["embedding"]["encoder"] == "embedded" else \
        isolated(facts["embedding"]["encoder"])
    return [
        *_rows_read(analysis, m),
        m("method.counted", counted=told["counted"], nothing=told["says_nothing"], duplicates=told["duplicates"],
          inside=told["speaks_for_customers"]),
        m("method.statements", statements=len(analysis.statements), comments=told["comments"]),
        m("method.encoder", encoder=encoder, identity=isolated(facts["embedding"]["identity"][:12])),
        _themes_found(themes, m),
        *other_than_asked(themes, m),
        *found_on_sample(themes, m),
        m("method.journey", threshold=m.number(journey.get("threshold"), 2)),
        m("method.intervals", confidence=confidence(m, analysis),
          minimum=analysis.study.insights.minimum_cell),
        *([] if analysis.only else _mistranslated(facts["language"].get("mistranslations", []), m)),
        m("method.key", key=isolated(analysis.key[:16])),
    ]


def _themes_found(themes: dict[str, Any], m: Messages) -> str:
    """Return how themes were found: as communities of neighbours, or in another way that the study asks for."""
    if themes.get("method", "graph") != "graph" or themes.get("resolution") is None:
        return m("method.themes_asked_for", count=themes["theme_count"], seed=themes["seed"],
                 method=isolated(themes.get("method", "")))
    return m("method.themes", count=themes["theme_count"], resolution=m.number(themes["resolution"], 2),
             floor=m.number(themes.get("floor"), 2), seed=themes["seed"], neighbours=themes["neighbours"])


def _rows_read(analysis: Analysis, m: Messages) -> list[str]:
    """Return how many rows were read; nothing for a part, since nobody knows what part a rejected row is of."""
    if analysis.only:
        return []
    read, rejected = analysis.facts["insights"]["comments"] + len(analysis.rejected), len(analysis.rejected)
    return [m("method.rows", read=read, rejected=rejected)]


def _mistranslated(found: list[dict[str, Any]], m: Messages) -> list[str]:
    """Return a warning where terms of the study's glossary were mistranslated; the terms are the glossary's."""
    if not found:
        return []
    terms = " · ".join(isolated(each["term"]) for each in found)
    return [m("method.mistranslated", count=sum(each["comments"] for each in found), terms=terms)]


def by_language(analysis: Analysis, m: Messages) -> Html:
    """Return, for each language, its statements, how surely it was recognised, and what stayed unassigned."""
    joined = analysis.statements[["statement_id", "feedback_id", "language", "language_confidence"]].merge(
        analysis.assignments[["statement_id", "theme_id"]]).merge(analysis.journey[["statement_id", "stage_id"]])
    table = joined.groupby("language").agg(
        statements=("statement_id", "size"), comments=("feedback_id", "nunique"),
        confidence=("language_confidence", "mean"),
        themes=("theme_id", lambda ids: float((ids < 0).mean())),
        stages=("stage_id", lambda ids: float((ids == "unassigned").mean())),
    ).reset_index().sort_values(["statements", "language"], ascending=[False, True])
    states = what_is_hidden(table, Lines("comments", ("language",), ("language",)),
                            analysis.study.insights.minimum_cell)
    unsaid = analysis.languages.loc[is_hidden(hidden_cells(analysis, "languages")), "value"]
    states = states.mask((states == SHOWN) & table["language"].isin(unsaid), WITHHELD)
    # of many statements a whole percent goes with several counts: shares tell none that is withheld
    hidden = (states == SMALL) | (states == WITHHELD) & (table["statements"] < _MANY)
    shown = pd.DataFrame({
        "name": [value_name(m, "language", language, analysis) for language in table["language"]],
        "statements": without_hidden(table["statements"].map(m.number), states, m),
        "confidence": table["confidence"].map(lambda value: m.number(value, 2)).mask(hidden, "–"),
        "themes": table["themes"].map(m.percent).mask(hidden, "–"),
        "stages": table["stages"].map(m.percent).mask(hidden, "–"),
    })
    columns = {"name": m("dimension.language"), "statements": m("words.statements"),
               "confidence": m("method.confidence"), "themes": m("method.no_theme"), "stages": m("method.no_stage")}
    return Html(table_html(shown, caption=m("method.by_language"), language=m.language, columns=columns))


def limits(analysis: Analysis, m: Messages) -> Html:
    """Return what these numbers cannot bear, as sentences."""
    repeated = _repeated(analysis)
    independent = "repeated" if repeated is None else "repeated_counted"
    names = ["words", "order", "romanised", "labels", "stability", "journey", "quotes", "who", independent, "scores"]
    if analysis.facts["embedding"]["encoder"] != "embedded":
        names.remove("order")
    learnt = analysis.facts["journey"]
    if learnt.get("calibrated"):
        names[names.index("journey")] = "journey_coded"
    values: dict[str, dict[str, Any]] = {name: {} for name in names} | {"quotes": _redaction_figures()}
    if learnt.get("calibrated"):
        values["journey_coded"] = {"codes": learnt["code_count"], **_macro_f1(learnt, "", m),
                                   "error": m.number(learnt["calibration_error_after"], 2)}
    values |= {"repeated_counted": repeated} if repeated is not None else {}
    keys = {"stability": "examined.passport_unmeasured"} if _not_found_anew(analysis) else {}
    texts = [m(keys.get(name, f"limits.{name}"), **values[name]) for name in names]
    if learnt.get("touchpoints_calibrated"):
        texts.insert(names.index("quotes"), m("touchpoint_codes.learnt", codes=learnt["touchpoint_code_count"],
                                              **_macro_f1(learnt, "touchpoint_", m)))
    texts += [m("disclosure.differences")] if analysis.only else []
    items = "".join(f'<li dir="{m.direction}">{escape(text)}</li>' for text in texts)
    return Html(f"<ul>{items}</ul>")


def _macro_f1(learnt: dict[str, Any], kind: str, m: Messages) -> dict[str, str]:
    """Return the macro-F1 with the codes and its interval, and that without them."""
    told = {name: learnt[f"{kind}macro_f1_{name}"] for name in ("after", "before", "after_low", "after_high")}
    return {"after": m.number(told["after"], 2), "before": m.number(told["before"], 2),
            "span": interval(m, told["after_low"], told["after_high"], share=False, digits=2)}


def _not_found_anew(analysis: Analysis) -> bool:
    """Return whether there are themes, and none was looked for again."""
    return len(analysis.passport) > 0 and not analysis.passport[["resamples", "seeds"]].to_numpy().any()


def _repeated(analysis: Analysis) -> dict[str, int] | None:
    """Return how many counted comments come from people who wrote several; None where nobody is told apart."""
    comments = analysis.comments
    counted = comments[comments["feedback_id"].isin(analysis.profile.query("is_counted")["feedback_id"])]
    known = counted[[name for name in ("customer_id", "account_id") if name in counted]].fillna("").astype(str)
    if not (known != "").to_numpy().any():
        return None
    return {"repeated": int(cluster_of(counted).duplicated(keep=False).sum()), "counted": len(counted)}


def _redaction_figures() -> dict[str, int]:
    from workbench.feedback.redaction_score import MEASURED

    (names, name_cases), (others, other_cases) = MEASURED["name"], MEASURED["all but names"]
    return {"names": names, "name_cases": name_cases, "others": others, "other_cases": other_cases}
