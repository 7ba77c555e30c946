"""How themes go with the score, told in three ways side by side, so that a reader sees where they disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from workbench.arguments import check_tables
from workbench.insights.clusters import likeness_within, variance_by_chance
from workbench.insights.incidence import Incidence, gather, membership
from workbench.insights.measures import MEASURES, clusters, score_values
from workbench.insights.weights import chance_of_weights, pair_products, relative_weights, resample_weights

FEWEST_ANSWERS, FEWEST_OF_THEME, ANSWERS_A_THEME = 30, 10, 5
_ALPHA, _TWINS = 0.05, 0.98
COLUMNS = ["measure", "theme_id", "n", "base", "score_share", "leave_out", "leave_out_low", "leave_out_high",
           "leave_out_p", "adjusted", "adjusted_low", "adjusted_high", "adjusted_p", "weight", "weight_low",
           "weight_high", "weight_p", "agreement"]
LEFT_OUT = ["measure", "theme_id", "n", "reason"]


@dataclass(frozen=True)
class Impact:
    """How themes go with scores: ``table`` (a row a measure and theme), ``left_out`` and ``reasons``."""

    table: pd.DataFrame
    left_out: pd.DataFrame
    reasons: pd.DataFrame


def measure_impact(comments: pd.DataFrame, members: pd.DataFrame, confidence: float = 0.95, seed: int = 0,
                   measures: tuple[str, ...] = MEASURES) -> Impact:
    """Return how much each theme goes with each score, by three methods that may disagree.

    * ``leave_out``: the score less the score without the comments that speak of the theme. Whatever else these
      comments speak of is in it.
    * ``adjusted``: the same, other themes held equal: the theme's coefficient in a linear regression on all themes
      together, times its share of answers.
    * ``weight``: the theme's share of the explained variance, by Johnson's relative weights.

    All say what goes together; none says what causes what. Intervals of the first two come from the cluster-robust
    variance of their influence functions, with leverage taken into account; that of the third from resampling whole
    clusters. Clusters are accounts, else customers. P-values are adjusted over the themes (Benjamini and Hochberg);
    that of the weight tells how often scores reach it that are shuffled by whole clusters.

    Source: Johnson (2000) on relative weights; Cameron and Miller (2015), A practitioner's guide to cluster-robust
    inference; Benjamini and Hochberg (1995).

    Parameters
    ----------
    comments
        The counted comments, with ``feedback_id`` and scores; ``customer_id`` and ``account_id`` where known.
    members
        ``feedback_id, theme_id``.
    confidence
        Of the intervals.
    seed
        Of resamples and shuffles.

    Returns
    -------
    Impact
        ``table``: a row a measure and theme with `COLUMNS`; ``n`` answers speak of the theme, of ``base``.
        ``agreement`` is "all" (all three beyond chance, the first two in one direction), "none", "opposite",
        "leave_out_only" (only the unadjusted change is beyond chance: other themes of the same comments may stand
        behind it), "adjusted_only" (hidden behind other themes until these are held equal), "inseparable" (always
        spoken of together with another theme, so that no method can part them) or "partly" (anything else).
        ``left_out``: themes not judged, each with ``n`` and a reason: "few_answers", "nearly_all" or
        "too_many_themes". ``reasons``: measures not judged: "no_scores", "too_few_answers", "one_value" or
        "no_theme_with_enough_answers".

    Examples
    --------
    >>> late = pd.DataFrame({"feedback_id": [f"{i}" for i in range(60)], "nps": [2, 3, 9, 10, 9, 10] * 10})
    >>> about = pd.DataFrame({"feedback_id": [f"{i}" for i in range(60) if i % 6 < 2], "theme_id": 4})
    >>> found = measure_impact(late, about)
    >>> found.table[["measure", "theme_id", "n", "leave_out", "agreement"]].round(1).values.tolist()
    [['nps', 4, 20, -66.7, 'all']]
    >>> found.reasons.values.tolist()
    [['satisfaction', 'no_scores', 0], ['effort', 'no_scores', 0]]
    """
    check_tables(comments=comments, members=members)
    comments = comments.sort_values("feedback_id", ignore_index=True)  # resamples draw by place
    real = members[members["theme_id"] >= 0]
    tables, left, reasons = [], [], []
    for measure in measures:
        score = score_values(comments, measure)
        answered = comments[score.notna()].reset_index(drop=True)
        values = score[score.notna()].to_numpy()
        reason = _reason(values)
        if reason is None:
            themes, spoken, out = _enough(*membership(answered["feedback_id"], real))
            left.append(out.assign(measure=measure))
            if len(themes):
                table = _judge(themes, gather(spoken, clusters(answered)), values, confidence, seed)
                tables.append(table.assign(measure=measure))
                continue
            reason = "no_theme_with_enough_answers"
        reasons.append((measure, reason, len(values)))
    return Impact(_joined(tables, COLUMNS), _joined(left, LEFT_OUT),
                  pd.DataFrame(reasons, columns=["measure", "reason", "n"]))


def _joined(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    kept = [table for table in tables if len(table)]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def _reason(values: np.ndarray) -> str | None:
    if not len(values):
        return "no_scores"
    if np.ptp(values) == 0:
        return "one_value"
    return "too_few_answers" if len(values) < FEWEST_ANSWERS else None


def _enough(themes: np.ndarray, spoken: sp.csr_array) -> tuple[np.ndarray, sp.csr_array, pd.DataFrame]:
    """Return the themes with enough answers on either side, not more than the answers bear, and those left out."""
    base = spoken.shape[0]
    count = pd.Series(spoken.sum(axis=0).astype(int), index=themes)
    few, many = count < FEWEST_OF_THEME, base - count < FEWEST_OF_THEME
    kept = count[~few & ~many].sort_values(ascending=False, kind="stable")
    room = max(1, base // ANSWERS_A_THEME)
    reasons = pd.Series("few_answers", index=count.index).mask(many, "nearly_all")
    reasons[kept.index[room:]] = "too_many_themes"
    chosen = np.isin(themes, kept.index[:room])
    out = pd.DataFrame({"theme_id": themes[~chosen], "n": count[~chosen].to_numpy(),
                        "reason": reasons[~chosen].to_numpy()})
    return themes[chosen], spoken[:, np.flatnonzero(chosen)], out


def _judge(themes: np.ndarray, spoken: Incidence, score: np.ndarray, confidence: float, seed: int) -> pd.DataFrame:
    from scipy.stats import false_discovery_control

    table = pd.DataFrame({"theme_id": themes, "n": spoken.theme_sizes.astype(int), "base": len(score),
                          "score_share": spoken.theme_sizes / len(score)})
    fewest = np.minimum(*spoken.clusters_beside())
    for name, (value, error) in (("leave_out", leave_out(spoken, score)),
                                 ("adjusted", Regression(spoken).adjusted(score))):
        low, high, p = interval(value, error, fewest, confidence)
        table[name], table[f"{name}_low"], table[f"{name}_high"] = value, low, high
        table[f"{name}_p"] = false_discovery_control(p)
    drawn = resample_weights(spoken.matrix, score, spoken.groups, seed)
    table["weight"] = relative_weights(spoken.matrix, score)
    table["weight_low"], table["weight_high"] = np.quantile(drawn, [0.5 - confidence / 2, 0.5 + confidence / 2], axis=0)
    table["weight_p"] = false_discovery_control(chance_of_weights(spoken.matrix, score, seed, groups=spoken.groups))
    twins = _twins(spoken)
    table.loc[twins, ["adjusted", "adjusted_low", "adjusted_high", "adjusted_p"]] = np.nan
    table["agreement"] = [_agreement(*row) for row in zip(
        table["leave_out"], table["leave_out_p"], table["adjusted"], table["adjusted_p"], table["weight_p"], twins,
        strict=True)]
    return table


def _twins(spoken: Incidence) -> np.ndarray:
    """Return which themes are spoken of in nearly the same comments as another one, or in all but these."""
    share = spoken.theme_sizes / spoken.matrix.shape[0]
    both = (spoken.matrix.T @ spoken.matrix).toarray() / spoken.matrix.shape[0]
    spread = np.sqrt(share * (1 - share))
    correlation = (both - np.outer(share, share)) / np.outer(spread, spread)
    return np.asarray(np.abs(correlation - np.eye(len(share))).max(axis=1) > _TWINS)


def _agreement(plain: float, plain_p: float, adjusted: float, adjusted_p: float, weight_p: float, twin: bool) -> str:
    if twin:
        return "inseparable"
    sure = (plain_p < _ALPHA, adjusted_p < _ALPHA, weight_p < _ALPHA)
    if sure[0] and sure[1] and plain * adjusted < 0:
        return "opposite"
    named = {(True, True, True): "all", (False, False, False): "none"}
    if sure in named:
        return named[sure]
    if sure[0] != sure[1]:
        return "leave_out_only" if sure[0] else "adjusted_only"
    return "partly"


def leave_out(spoken: Incidence, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the change of the score that leaving each theme out makes, and its standard error over clusters.

    The change is the theme's share of answers times the difference between comments with it and without. The error is
    that of the mean of the comments' influences on it, summed over clusters, and no less than it would be if the theme
    made no difference (`variance_by_chance`).

    Examples
    --------
    >>> value, error = leave_out(gather(np.array([[1], [1], [0], [0], [0]])), np.array([0.0, 2, 10, 4, 4]))
    >>> value.round(2).tolist(), error.round(2).tolist()
    ([-2.0], [1.58])
    """
    n, count = len(score), spoken.theme_sizes
    share, sums, own = count / n, spoken.per_cluster(score), spoken.per_cell(score)
    inside = spoken.per_theme(own) / count
    outside = (score.sum() - spoken.per_theme(own)) / (n - count)
    difference = inside - outside
    on_with = 1 / np.sqrt(1 - 1 / count)
    on_without = share / (1 - share) / np.sqrt(1 - 1 / (n - count))
    of, sizes = spoken.themes, spoken.sizes[spoken.clusters]
    beyond = own - inside[of] * spoken.counts
    rest = sums[spoken.clusters] - own - outside[of] * (sizes - spoken.counts)
    told = on_with[of] * beyond - on_without[of] * rest + difference[of] * (spoken.counts - share[of] * sizes)
    squares = spoken.squares(sums, -on_without, on_without * outside - difference * share, told)
    least = share * np.sqrt(variance_by_chance(spoken, score))
    return share * difference, np.maximum(_error(squares, spoken), least)


class Regression:
    """The regression of scores on all themes together, made once for any number of scores of the same comments."""

    def __init__(self, spoken: Incidence) -> None:
        self.spoken = spoken
        self.design = sp.csr_array(sp.hstack([np.ones((spoken.matrix.shape[0], 1)), spoken.matrix], format="csr"))
        self.inverse = np.linalg.pinv((self.design.T @ self.design).toarray())
        pairs, kinds = pair_products(self.design)
        left, right = np.divmod(kinds, self.design.shape[1])
        of_pairs = self.inverse[left, right] * np.where(left == right, 1.0, 2.0)
        self.leverage = (pairs @ of_pairs).clip(0, 1 - 1e-6)

    def adjusted(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each theme's coefficient, others held equal, times its share; and its standard error over clusters.

        Residuals are divided by the root of one less their leverage (HC2), without which small themes would seem
        surer than they are. The error is no less than it would be if answers spread alike whatever they speak of.
        """
        spoken, share = self.spoken, self.spoken.theme_sizes / len(score)
        coefficients = self.inverse @ (self.design.T @ score)
        residual = score - self.design @ coefficients
        spread, alike = residual @ residual / (len(score) - len(coefficients)), likeness_within(spoken, score)
        residual /= np.sqrt(1 - self.leverage)
        slopes = len(score) * share * self.inverse[:, 1:]
        clusters, themes = spoken.clusters, len(share)
        shape = (len(spoken.sizes), themes)
        parts = sp.csr_array(sp.hstack([
            spoken.per_cluster(residual)[:, None], sp.csr_array((spoken.per_cell(residual), (clusters, spoken.themes)),
                                                                shape),
            spoken.sizes[:, None], sp.csr_array((spoken.counts, (clusters, spoken.themes)), shape)], format="csr"))
        weights = np.vstack([slopes, -(coefficients[1:] * share)[None, :], np.diag(coefficients[1:])])
        products, own = parts.T @ parts, self.inverse[:, 1:]
        squares = (weights * (products @ weights)).sum(axis=0)
        together = (own * (products[len(own):, len(own):] @ own)).sum(axis=0)
        least = spread * ((1 - alike) * np.diag(self.inverse)[1:] + alike * together)
        return coefficients[1:] * share, np.maximum(_error(squares, spoken), share * np.sqrt(np.maximum(least, 0.0)))


def _error(squares: np.ndarray, spoken: Incidence) -> np.ndarray:
    """Return the standard error of the mean of influences, from the squares of their sums over clusters."""
    count = len(spoken.sizes)
    return np.asarray(np.sqrt(np.maximum(squares, 0.0) * count / max(count - 1, 1)) / len(spoken.groups))


def interval(value: np.ndarray, error: np.ndarray, fewest: np.ndarray, confidence: float
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Student's interval and two-sided p-value, with the degrees of freedom of the smaller side."""
    from scipy.special import stdtr, stdtrit

    freedom = np.maximum(fewest - 1, 1)
    half = stdtrit(freedom, 0.5 + confidence / 2) * error
    ratio = np.divide(np.abs(value), error, out=np.zeros_like(value), where=error > 0)
    return value - half, value + half, np.where(error > 0, 2 * stdtr(freedom, -ratio), 1.0)
