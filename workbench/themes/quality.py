"""The quality of the themes as a whole and of each: what a researcher should look at before trusting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import regex

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED_THEME
from workbench.themes.coherence import measure_coherence, measure_diversity
from workbench.themes.prepare import unit_length
from workbench.themes.share import share_interval
from workbench.themes.voices import share_effects
from workbench.themes.words import count_words

if TYPE_CHECKING:
    from workbench.settings import QualitySettings

COLUMNS = ["measure", "theme_id", "other_theme_id", "language", "value", "low", "high", "n", "threshold", "verdict"]
GOOD, POOR, UNMEASURED = "good", "poor", "unmeasured"
_DIGITS = regex.compile(r"\p{N}+")
_NOT_WORDS = regex.compile(r"[^\p{L}\p{N}]+")


def measure_quality(statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.DataFrame, used: pd.DataFrame,
                    terms: pd.DataFrame, themes: pd.DataFrame, centres: np.ndarray, settings: QualitySettings,
                    confidence: float = 0.95, clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return every measure of quality with its threshold and verdict.

    ======================  =========================================================================================
    measure                 value, and when it is poor
    ======================  =========================================================================================
    ``coherence``           mean NPMI of the themes' terms in a language: below that of terms of different themes
    ``theme_coherence``     how much a theme's NPMI lies above that, mean over its languages: below;
                            ``theme_coherence_by_language`` is the same for each language
    ``diversity``           share of the first terms of a language that one theme alone has: below
    ``coverage``            share of counted comments with a theme: below
    ``largest_share``       share of counted comments that speak of the largest theme: above
    ``gini``                inequality of the themes' sizes, 0 equal to 1 all in one: above
    ``near_duplicate``      cosine of two centres, in rows only for pairs that are as similar as the threshold and share
                            as many of their terms as the other: always poor
    ``stop_words``          share of a theme's words that no term is made of: above
    ``one_customer``        share of a theme's comments that its most frequent customer wrote: above
    ``one_template``        share of a theme's comments with one wording, numbers aside: above
    ``stability``           as the themes table has it: below
    ======================  =========================================================================================

    Parameters
    ----------
    statements, assignments, terms, themes
        As the stage of themes makes them; what `count_words` returns may be joined to the statements.
    counted
        The counted comments: ``feedback_id`` and, where it is known, ``customer_id``.
    used
        As `find_terms` returns it.
    centres
        One a theme, in the order of the themes table without -1.
    settings
        The thresholds.
    confidence
        Of the intervals of shares.
    clusters
        Whom each counted comment comes from, indexed by feedback_id; intervals then allow for who wrote several.

    Returns
    -------
    pandas.DataFrame
        ``measure, theme_id`` (-1 where it is of all themes), ``other_theme_id`` (of a pair, else -1), ``language``
        ("" where it is of all), ``value, low, high`` (an interval, for shares of comments), ``n`` (what the value was
        counted on), ``threshold, verdict`` (good, poor or unmeasured).
    """
    check_tables(statements=statements, assignments=assignments, counted=counted, used=used, terms=terms, themes=themes)
    own = statements.merge(assignments[["statement_id", "theme_id"]]).merge(counted, on="feedback_id")
    real = themes[themes["theme_id"] != UNASSIGNED_THEME]
    parts = [_coherence(used, terms, settings.coherence), _diversity(terms, settings.diversity),
             _sizes(own, real, len(counted), settings, confidence, clusters),
             _duplicates(real, centres, terms, settings),
             _junk(own, settings), _stability(real, settings.stability)]
    table = pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)], ignore_index=True)
    for name in ("theme_id", "other_theme_id"):
        table[name] = table[name].fillna(UNASSIGNED_THEME).astype("int64")
    table["language"] = table["language"].astype(object).fillna("").astype("str")
    table["n"] = table["n"].fillna(0).astype("int64")
    table[["value", "low", "high", "threshold"]] = table[["value", "low", "high", "threshold"]].astype("float64")
    return table


def _judged(table: pd.DataFrame, measure: str, threshold: float | pd.Series, *, least: bool) -> pd.DataFrame:
    """Return the table with its verdicts: the threshold is the least good value, or else the greatest."""
    good = table["value"] >= threshold if least else table["value"] <= threshold
    verdict = np.where(table["value"].isna(), UNMEASURED, np.where(good, GOOD, POOR))
    return table.assign(measure=measure, threshold=threshold, verdict=verdict)


def _coherence(used: pd.DataFrame, terms: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return coherence by language, by theme (above what terms of different themes reach), and by both."""
    both = measure_coherence(used, terms)
    if not len(both):
        return _judged(pd.DataFrame({"value": [np.nan], "n": [0]}), "coherence", threshold, least=True)
    both["above"] = (both["value"] - both["across"].fillna(0)).round(4)
    languages = both.groupby("language", sort=True).agg(value=("value", "mean"), n=("value", "size"),
                                                        across=("across", "first")).reset_index()
    silent = sorted(set(terms["language"]) - set(languages["language"]))
    languages = languages.merge(pd.DataFrame({"language": [*languages["language"], *silent]}), how="right")
    per_theme = both.groupby("theme_id", sort=True).agg(value=("above", "mean"), n=("above", "size")).reset_index()
    least = (languages["across"].fillna(0) + threshold).round(4)
    return pd.concat([
        _judged(languages.drop(columns="across"), "coherence", least, least=True),
        _judged(per_theme, "theme_coherence", threshold, least=True),
        _judged(both.drop(columns=["value", "across"]).rename(columns={"above": "value"}),
                "theme_coherence_by_language", threshold, least=True)])


def _diversity(terms: pd.DataFrame, threshold: float) -> pd.DataFrame:
    return _judged(measure_diversity(terms), "diversity", threshold, least=True)


def _sizes(own: pd.DataFrame, real: pd.DataFrame, base: int, settings: QualitySettings,
           confidence: float, clusters: pd.Series | None) -> pd.DataFrame:
    said = own.loc[own["theme_id"] >= 0, ["feedback_id", "theme_id"]].drop_duplicates()
    themed = said[["feedback_id"]].drop_duplicates().assign(value=True)
    counts, effects = pd.Series([len(themed), int(real["comment_count"].max()) if len(real) else 0]), np.ones(2)
    if clusters is not None:
        largest = real.sort_values(["comment_count", "theme_id"])["theme_id"].tail(1).tolist()
        effects[0] = share_effects(themed, clusters, [True])[0]
        effects[1:] = share_effects(said.rename(columns={"theme_id": "value"}), clusters, largest or [-1])
    low, high = share_interval(counts / effects, base / pd.Series(effects), confidence)
    shares = counts / base if base else pd.Series([np.nan, np.nan])
    if not len(real):
        shares[1] = np.nan
    rows = pd.DataFrame({"value": shares, "low": low, "high": high, "n": base})
    sizes = pd.DataFrame({"value": [gini(real["comment_count"].to_numpy(dtype=float))], "n": [len(real)]})
    return pd.concat([_judged(rows.iloc[[0]], "coverage", settings.coverage, least=True),
                      _judged(rows.iloc[[1]], "largest_share", settings.largest_share, least=False),
                      _judged(sizes, "gini", settings.gini, least=False)])


def gini(sizes: np.ndarray) -> float:
    """Return the Gini coefficient of sizes: 0 where all are equal; none is known of fewer than two.

    Examples
    --------
    >>> gini(np.array([5.0, 5.0])), gini(np.array([0.0, 0.0, 0.0, 8.0])), gini(np.array([3.0]))
    (0.0, 0.75, nan)
    """
    if len(sizes) < 2 or sizes.sum() <= 0:
        return float("nan")
    ranks = np.arange(1, len(sizes) + 1)
    return round(float((2 * ranks - len(sizes) - 1) @ np.sort(sizes) / (len(sizes) * sizes.sum())), 4)


def _duplicates(real: pd.DataFrame, centres: np.ndarray, terms: pd.DataFrame,
                settings: QualitySettings) -> pd.DataFrame:
    ids = real["theme_id"].to_numpy()
    unit = unit_length(np.asarray(centres, dtype=np.float64))
    similar = np.round(unit @ unit.T, 4)
    words = {theme: set(zip(part["language"], part["term"], strict=True)) for theme, part in terms.groupby("theme_id")}
    rows = []
    for left, right in zip(*np.nonzero(np.triu(similar >= settings.duplicate_similarity, k=1)), strict=True):
        a, b = words.get(ids[left], set()), words.get(ids[right], set())
        if len(a & b) >= settings.duplicate_terms * max(min(len(a), len(b)), 1):
            rows.append((ids[left], ids[right], similar[left, right], len(a & b)))
    table = pd.DataFrame(rows, columns=["theme_id", "other_theme_id", "value", "n"])
    return table.assign(measure="near_duplicate", threshold=settings.duplicate_similarity, verdict=POOR)


def _junk(own: pd.DataFrame, settings: QualitySettings) -> pd.DataFrame:
    inside = own[own["theme_id"] >= 0]
    if not len(inside):
        return pd.DataFrame(columns=COLUMNS)
    comments = inside.drop_duplicates(["theme_id", "feedback_id"])
    customers = comments[comments["customer_id"].notna()] if "customer_id" in comments else comments.iloc[:0]
    wording = comments["text"].map(_wording)
    return pd.concat([
        _judged(_said_nothing(inside), "stop_words", settings.stop_word_share, least=False),
        _judged(_most_frequent(customers, customers.get("customer_id"), comments), "one_customer",
                settings.customer_share, least=False),
        _judged(_most_frequent(comments, wording, comments), "one_template", settings.template_share, least=False),
    ])


def _wording(text: str) -> str:
    """Return a statement's words with numbers, case and punctuation aside: what a template leaves."""
    return str(_NOT_WORDS.sub(" ", _DIGITS.sub("0", text.casefold()))).strip()


def _said_nothing(inside: pd.DataFrame) -> pd.DataFrame:
    if not {"word_count", "content_count"} <= set(inside):
        inside = inside.merge(count_words(inside[["statement_id", "feedback_id", "text", "language"]]))
    sums = inside.groupby("theme_id")[["word_count", "content_count"]].sum()
    share = (1 - sums["content_count"] / sums["word_count"].where(sums["word_count"] > 0)).clip(0, 1)
    return pd.DataFrame({"theme_id": sums.index, "value": share.round(4), "n": sums["word_count"]})


def _most_frequent(rows: pd.DataFrame, key: Any, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each theme's comments that have its most frequent key."""
    size = comments.groupby("theme_id").size()
    if key is None or not len(rows):
        return pd.DataFrame({"theme_id": size.index, "value": np.nan, "n": size})
    most = rows.groupby(["theme_id", key]).size().groupby("theme_id").max()
    share = (most.reindex(size.index) / size).round(4)
    return pd.DataFrame({"theme_id": size.index, "value": share, "n": size})


def _stability(real: pd.DataFrame, threshold: float) -> pd.DataFrame:
    rows = pd.DataFrame({"theme_id": real["theme_id"], "value": real["stability"], "n": real["statement_count"]})
    return _judged(rows, "stability", threshold, least=True)
