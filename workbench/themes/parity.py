"""The audit of language parity: whether themes are about subjects, or about the languages that people write in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_tables
from workbench.columns import UNASSIGNED_THEME, UNDETERMINED
from workbench.themes.share import share_interval
from workbench.themes.voices import share_effects

COLUMNS = ["measure", "removal", "language", "value", "low", "high", "n", "chance", "chance_high", "p_value"]
_SHUFFLES = 200


def measure_dependence(languages: pd.Series, themes: np.ndarray, comments: pd.Series, *, seed: int = 0,
                       least: int = 5, shuffles: int = _SHUFFLES, clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return how well a statement's language can be told from its theme, beside what chance would do.

    ``balanced_accuracy`` is the mean over languages of the share of their statements whose language is told rightly
    by the best rule that looks at the theme alone; a rule that knows nothing reaches 1 divided by the number of
    languages. ``nmi`` is the normalised mutual information of theme and language. Both are compared with the same
    figure after the languages have been shuffled among the comments, which shows what so many themes reach by chance.
    What a customer (or account) wrote in one language stays together: who comes back to a theme does so in one's own
    language.
    Languages may differ in what their speakers care about, so a value above chance is a question, not a fault.

    Parameters
    ----------
    languages, themes, comments
        Of each statement. Unassigned statements, undetermined languages and those of fewer than `least` comments are
        left out.
    seed
        Of the shuffles.
    least
        Comments a language.
    shuffles
        How often the languages are shuffled.
    clusters
        Whom each comment comes from, indexed by feedback_id; each stands for itself without it.

    Returns
    -------
    pandas.DataFrame
        Two rows: ``measure, value, n`` (statements), ``chance`` (mean of the shuffles), ``chance_high`` (their 95th
        percentile), ``p_value``. Without two languages and two themes, the values are missing.

    Examples
    --------
    >>> languages, comments = pd.Series(["en", "fa"] * 10), pd.Series([str(n) for n in range(20)])
    >>> apart = measure_dependence(languages, np.array([0, 1] * 10), comments)
    >>> apart[["measure", "value"]].values.tolist()
    [['balanced_accuracy', 1.0], ['nmi', 1.0]]
    >>> mixed = measure_dependence(languages, np.array([0, 0, 1, 1] * 5), comments)
    >>> mixed[["measure", "value"]].values.tolist()
    [['balanced_accuracy', 0.5], ['nmi', 0.0]]
    """
    frame = pd.DataFrame({"language": languages.to_numpy(), "theme": themes, "comment": comments.to_numpy()})
    frame = frame[(frame["theme"] != UNASSIGNED_THEME) & (frame["language"] != UNDETERMINED)]
    heard = frame.groupby("language")["comment"].transform("nunique")
    frame = frame[heard >= least]
    own, theme = pd.factorize(frame["language"], sort=True)[0], pd.factorize(frame["theme"], sort=True)[0]
    found = np.full(2, np.nan)
    chance = np.full((1, 2), np.nan)
    if frame["language"].nunique() > 1 and frame["theme"].nunique() > 1:
        found = _dependence(own, theme)
        comment, distinct = pd.factorize(frame["comment"], sort=True)
        of_comment = np.zeros(len(distinct), dtype=np.int64)
        of_comment[comment] = own
        voices, voice = _voices(of_comment, distinct, clusters)
        generator = np.random.default_rng(seed)
        chance = np.array([_dependence(generator.permutation(voices)[voice[comment]], theme) for _ in range(shuffles)])
    p_values = (1 + (chance >= found - 1e-12).sum(axis=0)) / (1 + len(chance))
    return pd.DataFrame({
        "measure": ["balanced_accuracy", "nmi"], "value": found.round(4), "n": len(frame),
        "chance": chance.mean(axis=0).round(4), "chance_high": np.quantile(chance, 0.95, axis=0).round(4),
        "p_value": np.where(np.isnan(found), np.nan, p_values).round(4)})


def _voices(languages: np.ndarray, comments: pd.Index, clusters: pd.Series | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the language of all that somebody wrote in it, in the order of first comments, and which each is of."""
    if clusters is None:
        return languages, np.arange(len(languages))
    voice = pd.factorize(pd.MultiIndex.from_arrays([clusters.reindex(comments), languages]))[0]
    first = np.unique(voice, return_index=True)[1]
    return languages[first], voice


def _dependence(languages: np.ndarray, themes: np.ndarray) -> np.ndarray:
    """Return balanced accuracy and normalised mutual information (arithmetic mean) from the table of both."""
    shape = (int(languages.max()) + 1, int(themes.max()) + 1)
    table = np.bincount(languages * shape[1] + themes, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    within = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    joint = table / table.sum()
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.nansum(joint * np.log(joint / np.outer(rows, columns)))
    entropies = [-np.sum(part[part > 0] * np.log(part[part > 0])) for part in (rows, columns)]
    nmi = information / np.mean(entropies) if np.mean(entropies) > 0 else 0.0
    return np.array([within.max(axis=0).sum() / len(table), max(float(nmi), 0.0)])


def measure_unassigned(languages: pd.Series, themes: np.ndarray, comments: pd.Series, confidence: float = 0.95,
                       clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return, for each language, the share of its comments of which no statement found a theme, with Wilson's interval.

    The language of a comment is that of most of its statements, ties to the earlier in the alphabet.

    Parameters
    ----------
    languages, themes, comments
        Of each statement.
    confidence
        Of the intervals.
    clusters
        Whom each comment comes from, indexed by feedback_id; intervals then allow for who wrote several.

    Returns
    -------
    pandas.DataFrame
        ``measure, language, value, low, high, n`` (comments); most comments first.

    Examples
    --------
    >>> share = measure_unassigned(pd.Series(["en", "en", "fa"]), np.array([0, -1, -1]), pd.Series(["a", "a", "b"]))
    >>> share[["language", "value", "n"]].values.tolist()
    [['en', 0.0, 1], ['fa', 1.0, 1]]
    """
    frame = pd.DataFrame({"comment": comments.to_numpy(), "language": languages.to_numpy(), "theme": themes})
    sizes = frame.groupby(["comment", "language"]).size().rename("n").reset_index()
    main = sizes.sort_values(["comment", "n", "language"], ascending=[True, False, True]).drop_duplicates("comment")
    without = frame.groupby("comment")["theme"].max() == UNASSIGNED_THEME
    main = main.assign(without=main["comment"].map(without))
    table = main.groupby("language")["without"].agg(["sum", "size"]).reset_index()
    effects = np.ones(len(table))
    if clusters is not None:
        language, alone = main.set_index("comment")["language"], main.loc[main["without"], ["comment"]]
        effects = share_effects(alone.rename(columns={"comment": "feedback_id"}).assign(value=True),
                                clusters.reindex(language.index), [True] * len(table), base=language,
                                of=table["language"].tolist())
    low, high = share_interval(table["sum"] / effects, table["size"] / effects, confidence)
    rows = pd.DataFrame({"measure": "unassigned", "language": table["language"], "value": table["sum"] / table["size"],
                         "low": low, "high": high, "n": table["size"]})
    return rows.sort_values(["n", "language"], ascending=[False, True], ignore_index=True)


def measure_parallel(pairs: pd.Series, languages: pd.Series, themes: np.ndarray, comments: pd.Series, *,
                     seed: int = 0, confidence: float = 0.95, shuffles: int = _SHUFFLES,
                     clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return the share of comments that say the same in two languages and share a theme.

    Of each id, every pair of its comments in different languages is looked at; it lands together where any theme is
    in both. Chance is the same share with the ids shuffled among the comments.

    Parameters
    ----------
    pairs
        An id for each statement's comment, missing where it has no counterpart.
    languages, themes, comments
        Of each statement.
    seed, shuffles
        Of what chance would do.
    confidence
        Of the interval, which allows for ids with pairs of several languages, and for people who wrote several.
    clusters
        As for `measure_dependence`.

    Returns
    -------
    pandas.DataFrame
        One row: ``measure, value, low, high, n`` (pairs), ``chance, chance_high, p_value``; empty without pairs.

    Examples
    --------
    >>> ids, languages = pd.Series(["x", "x", "y", "y"]), pd.Series(["en", "ar", "en", "ar"])
    >>> found = measure_parallel(ids, languages, np.array([0, 0, 1, 2]), pd.Series(["a", "b", "c", "d"]))
    >>> found[["value", "n"]].values.tolist()
    [[0.5, 2.0]]
    """
    frame = pd.DataFrame({"pair": pairs.to_numpy(), "language": languages.to_numpy(), "theme": themes,
                          "comment": comments.to_numpy()}).dropna(subset=["pair"])
    first = frame.drop_duplicates("comment").sort_values("comment", ignore_index=True)
    themes_of = {comment: frozenset(part[part != UNASSIGNED_THEME]) for comment, part in
                 frame.groupby("comment")["theme"]}
    sets = np.array([themes_of[comment] for comment in first["comment"]], dtype=object)
    joined = first.reset_index().merge(first.reset_index(), on="pair")
    joined = joined[(joined["index_x"] < joined["index_y"]) & (joined["language_x"] != joined["language_y"])]
    if not len(joined):
        return pd.DataFrame(columns=[name for name in COLUMNS if name not in ("removal", "language")])
    left, right = joined["index_x"].to_numpy(), joined["index_y"].to_numpy()
    lands = _land_together(sets[left], sets[right])
    together = int(lands.sum())
    generator = np.random.default_rng(seed)
    mixed = [generator.permutation(len(sets)) for _ in range(shuffles)]
    chance = np.array([_land_together(sets[order[left]], sets[order[right]]).sum() for order in mixed]) / len(left)
    effect = share_effects(pd.DataFrame({"feedback_id": np.flatnonzero(lands), "value": True}),
                           _whose_pairs(joined, clusters), [True])
    low, high = share_interval(pd.Series(together / effect), pd.Series(len(left) / effect), confidence)
    share = together / len(left)
    return pd.DataFrame({
        "measure": ["parallel"], "value": [round(share, 4)], "low": low, "high": high, "n": [len(left)],
        "chance": [round(float(chance.mean()), 4)], "chance_high": [round(float(np.quantile(chance, 0.95)), 4)],
        "p_value": [round((1 + int((chance >= share).sum())) / (1 + shuffles), 4)]})


def _whose_pairs(joined: pd.DataFrame, clusters: pd.Series | None) -> pd.Series:
    """Return the number of the people and ids that each pair hangs together with, over however many others."""
    if clusters is None:
        return joined["pair"].reset_index(drop=True)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ids, count = pd.factorize(joined["pair"])[0], joined["pair"].nunique()
    whose = pd.factorize(pd.concat([joined["comment_x"], joined["comment_y"]]).map(clusters))[0] + count
    ends, size = (np.tile(ids, 2), whose), int(whose.max()) + 1
    return pd.Series(connected_components(coo_array((np.ones(len(whose)), ends), shape=(size, size)))[1][ids])


def _land_together(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.array([not a.isdisjoint(b) for a, b in zip(left, right, strict=True)], dtype=bool)


def audit_parity(statements: pd.DataFrame, themes: np.ndarray, removal: str, *, pairs: pd.Series | None = None,
                 seed: int = 0, confidence: float = 0.95, least: int = 5,
                 clusters: pd.Series | None = None) -> pd.DataFrame:
    """Return the whole audit of one way to find themes.

    Parameters
    ----------
    statements
        Of counted comments: ``feedback_id`` and ``language``.
    themes
        The theme of each.
    removal
        "on" or "off": whether what all statements of a language share was taken out before.
    pairs
        As `measure_parallel` wants it, if anything is known.
    seed, confidence, least
        As for `measure_dependence` and `measure_parallel`.
    clusters
        Whom each comment comes from, indexed by feedback_id, for all of them.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (balanced_accuracy, nmi, unassigned, parallel), ``removal, language`` ("" where it is of all),
        ``value, low, high, n, chance, chance_high, p_value``. Without pairs, ``parallel`` has no value and n is 0.
    """
    check_tables(statements=statements)
    languages, comments = statements["language"], statements["feedback_id"]
    parts = [measure_dependence(languages, themes, comments, seed=seed, least=least, clusters=clusters),
             measure_unassigned(languages, themes, comments, confidence, clusters)]
    parallel = pd.DataFrame() if pairs is None else \
        measure_parallel(pairs, languages, themes, comments, seed=seed, confidence=confidence, clusters=clusters)
    parts.append(parallel if len(parallel) else pd.DataFrame({"measure": ["parallel"], "value": [np.nan], "n": [0]}))
    table = pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)], ignore_index=True)
    numbers = ["value", "low", "high", "chance", "chance_high", "p_value"]
    table[numbers] = table[numbers].astype("float64")
    return table.assign(removal=removal, language=table["language"].astype(object).fillna("").astype("str"),
                        n=table["n"].astype("int64"))
