"""People code what the machine has coded: a sample of an analysis for them, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from workbench.charts import Html
from workbench.columns import UNASSIGNED, UNASSIGNED_THEME
from workbench.errors import InputError
from workbench.insights.disclosure import SHOWN, Lines, what_is_hidden

if TYPE_CHECKING:
    from workbench.analysis import Analysis

DRAWN: Final = ("random", "uncertain")
UNSTATED: Final = "unstated"  # how it was drawn


def to_code(analysis: Analysis, size: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return statements of counted comments for people to code; see `workbench.themes.sample.draw_sample`.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    size, seed
        Statements to draw, and the seed of the draw.

    Raises
    ------
    InputError
        If there is nothing to draw from, or the size is less than one.
    """
    from workbench.themes.coding import prepare_points
    from workbench.themes.sample import draw_sample, theme_margins

    statements, themes = analysis.statements, analysis.themes
    counted = set(analysis.profile.loc[analysis.profile["is_counted"], "feedback_id"])
    inside = statements["feedback_id"].isin(counted).to_numpy()
    if not inside.any():
        raise InputError("no comment of this study is counted, so there is nothing to code.")
    points = prepare_points(statements, np.asarray(analysis.vectors), analysis.study.themes.remove_language)
    assigned = statements[["statement_id"]].merge(analysis.assignments)["theme_id"].to_numpy(dtype=np.int64)
    ids = themes.loc[themes["theme_id"] != UNASSIGNED_THEME, "theme_id"].to_numpy(dtype=np.int64)
    margins = theme_margins(points, np.asarray(analysis.theme_centres), ids, assigned)
    return draw_sample(statements[inside].reset_index(drop=True), analysis.assignments, margins[inside], size, seed,
                       analysis.study.order_number, analysis.comments)


def show_sample(sample: pd.DataFrame, language: str = "en") -> Html:
    """Return a sample as a table for a notebook, each text in its own direction.

    Examples
    --------
    >>> sample = pd.DataFrame({"statement_id": ["a/0"], "language": ["fa"], "text": ["خیلی <b>دیر</b>"]})
    >>> 'dir="auto">خیلی &lt;b&gt;دیر' in show_sample(sample).html
    True
    """
    from workbench.report.messages import load_messages
    from workbench.report.sections.kept import sample_table

    return sample_table(sample, load_messages(language))


def theme_list(analysis: Analysis) -> pd.DataFrame:
    """Return the themes that a coder chooses from: ``theme_id``, ``unassigned`` among them, a label by language."""
    wide = analysis.labels.pivot(index="theme_id", columns="language", values="label")
    languages = list(dict.fromkeys(analysis.labels["language"]))
    ids = [theme for theme in analysis.themes["theme_id"] if theme != UNASSIGNED_THEME]
    table = wide.reindex(index=ids, columns=languages).rename_axis(columns=None).reset_index()
    rest = pd.DataFrame({"theme_id": [UNASSIGNED_THEME], **{language: [UNASSIGNED] for language in languages}})
    return pd.concat([table, rest], ignore_index=True)


def compare(analysis: Analysis, codings: Sequence[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how well codings agree: alpha with intervals, and precision and recall of the machine.

    Codes of a theme that is no longer there count for the one that it is part of now, by the codebook or the ledger.
    Those of statements that are no longer there are left out.

    Parameters
    ----------
    analysis
        That the sample was drawn from.
    codings
        Files as `voc codebook sample` writes them, filled in; one a coder, named after it.

    Returns
    -------
    tuple of pandas.DataFrame
        As `measure_agreement` and `measure_finding` return them. ``attrs["readings"]`` of the first is a list of
        sentences on codes of statements and themes that are no longer there.

    Raises
    ------
    InputError
        If there is no file, two have one name, one is wrong, or no statement is coded.
    """
    from workbench.insights.clusters import cluster_of
    from workbench.stages import study_codebook
    from workbench.themes.agreement import measure_agreement, measure_finding
    from workbench.themes.ledger import read_ledger
    from workbench.themes.sample import read_coding, read_drawn
    from workbench.themes.successors import follow_themes

    names = [Path(path).stem for path in codings]
    if not names or len(set(names)) < len(names):
        raise InputError("expected one file a coder, each with a name of its own.")
    statements = analysis.statements.set_index("statement_id")
    past = follow_themes(read_ledger(analysis.study.ledger_file), study_codebook(analysis.study), analysis.statements,
                         analysis.assignments)
    read = [read_coding(path, analysis.labels, analysis.statements, past, analysis.study.order_number,
                        analysis.comments) for path in codings]
    codes = pd.concat(read, axis=1).sort_index().dropna(how="all")
    if not len(codes):
        raise InputError("no statement is coded in these files; fill in the column 'theme'.")
    machine = analysis.assignments.set_index("statement_id")["theme_id"].reindex(codes.index)
    stated = pd.concat([read_drawn(path) for path in codings])
    stated = stated[stated.isin(DRAWN)]
    drawn = stated[~stated.index.duplicated()].reindex(codes.index, fill_value=UNSTATED)
    own = statements.reindex(codes.index)
    clusters = cluster_of(analysis.comments).set_axis(analysis.comments["feedback_id"])
    whose = own["feedback_id"].groupby(own["feedback_id"].map(clusters)).transform("min")
    units = pd.DataFrame({"feedback_id": own["feedback_id"].to_numpy(), "language": own["language"].to_numpy(),
                          "drawn": drawn.to_numpy(), "whose": whose.to_numpy()})
    confidence, seed = analysis.study.insights.confidence, analysis.study.themes.seed
    codes, machine = codes.reset_index(drop=True), machine.reset_index(drop=True)
    alphas = measure_agreement(codes, machine, units, confidence=confidence, seed=seed)
    alphas.attrs["readings"] = [sentence for one in read for sentence in one.attrs["readings"]]
    return alphas, measure_finding(codes, machine, units, confidence)


def is_hidden(found: pd.DataFrame, minimum: int) -> pd.Series:
    """Return which rows of a table of agreement are not shown: small ones, and those that would tell their size.

    Parameters
    ----------
    found
        As `measure_agreement` or `measure_finding` returns it: counts of languages, and of how statements were drawn,
        add up to that of all, counts of themes to what was coded.
    minimum
        Statements that a cell takes.

    Examples
    --------
    >>> found = pd.DataFrame({"comparison": "coders", "drawn": ["all", "random", "uncertain"], "n": [40, 37, 3]})
    >>> is_hidden(found, 5).tolist()
    [False, True, True]
    """
    along = tuple(name for name in ("language", "theme_id", "drawn") if name in found)
    axes = tuple(name for name in ("comparison", "coder", "measure", *along) if name in found)
    return what_is_hidden(found, Lines("n", axes, along), minimum) != SHOWN
