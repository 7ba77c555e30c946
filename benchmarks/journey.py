"""The journey: stages, touchpoints, abstention and prediction sets on the sample's gold, beside two baselines.

Gold statements are mapped as they were cut by the coders. They are split by customer into two halves: words and
settings were looked at on the first, the second was kept for measuring.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

NEEDS = ("clinc150",)
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
DRAWS = 40
CODES = 200
COVERAGE = 0.9


def run(data: Path | None) -> None:
    from workbench.journey import load_journey_model, map_journey

    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    model = load_journey_model()
    gold, vectors, comments = read_gold()
    told = (gold["stage"] != "").to_numpy()
    journey = map_journey(gold, vectors, comments=comments, model=model)
    found = journey.assignments["stage_id"].to_numpy()
    print(f"\n{told.sum()} coded statements, {len(model.examples):,} examples; macro-F1 over the seven stages\n")
    kept = gold["is_kept"].to_numpy()
    print(f"{'':34}{'all':>8}{'kept half':>11}{'without awareness, kept':>25}{'unassigned':>12}")
    own = map_journey(gold, vectors, comments=comments, model=SAMPLE / "journey.yaml")
    with_own = own.assignments["stage_id"].to_numpy()
    for name, guess in (("workbench, no human codes", found), ("... the sample's own model", with_own),
                        *baselines(gold, vectors, model)):
        print(f"{name:34}{score(gold, guess, told):>8.2f}{score(gold, guess, told & kept):>11.2f}"
              f"{score(gold, guess, told & kept, 1):>25.2f}{(guess[told] == 'unassigned').mean():>12.0%}")
    by_stage(gold, found, told)
    by_coders(gold, found)
    by_language(gold, found, told)
    with_codes(gold, vectors, comments, model)
    codes_alone(gold, vectors)
    touchpoints(gold, journey)
    if data is not None:
        abstention(data, gold, vectors, comments, model)


def read_gold() -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """Return gold statements as a statements table with their first stage, their vectors, and the comments."""
    from workbench import load_feedback, split_statements
    from workbench.embedding import embed_statements
    from workbench.study import load_study

    study = load_study(SAMPLE / "study.yaml")
    comments = load_feedback(SAMPLE / "feedback.csv")[0]
    statements = split_statements(comments)
    language = statements.groupby("feedback_id")["language"].agg(lambda found: found.mode().iloc[0])
    gold = pd.read_csv(SAMPLE / "gold.csv", dtype=str, keep_default_na=False)
    gold = gold.merge(comments[["feedback_id", "text", "customer_id"]], on="feedback_id")
    gold = gold.astype({"start": int, "end": int})
    gold["text"] = [text[a:b] for text, a, b in zip(gold["text"], gold["start"], gold["end"], strict=True)]
    gold["statement_id"] = gold["feedback_id"] + "/" + gold["statement"]
    gold["language"] = gold["feedback_id"].map(language).fillna("und")
    gold["stage"] = gold["stages"].str.split("|").str[0]
    who = gold["customer_id"].fillna("").where(gold["customer_id"].fillna("") != "", gold["feedback_id"])
    gold["who"] = who
    gold["is_kept"] = [hashlib.sha256(one.encode()).digest()[0] % 2 == 1 for one in who]
    gold = gold.assign(language_confidence=1.0, direction="ltr", script="Zyyy")
    return gold, embed_statements(gold, names=study.names), comments


def score(gold: pd.DataFrame, found: np.ndarray, rows: np.ndarray, skip: int = 0) -> float:
    """Macro-F1 over the stages that occur; `skip` leaves out the first ones of the journey."""
    from sklearn.metrics import f1_score

    stages = [one for one in STAGES[skip:] if one in set(gold["stage"][rows])]
    return float(f1_score(gold["stage"][rows], found[rows], labels=stages, average="macro", zero_division=0))


STAGES = ("awareness", "discovery", "interest", "consideration", "action", "use", "advocacy")


def baselines(gold: pd.DataFrame, vectors: np.ndarray, model: Any) -> list[tuple[str, np.ndarray]]:
    """Nearest stage name by cosine, and BERTopic's zero-shot topics with the stages' definitions."""
    from workbench.embedding import embed

    ids = np.array(STAGES, dtype=object)
    names = embed([part.names["en"] for part in model.stages])
    nearest = ids[(vectors @ names.T).argmax(axis=1)]
    common = np.full(len(gold), gold["stage"].mode().iloc[0], dtype=object)
    told = [("nearest stage name by cosine", nearest)]
    for least in (0.2, 0.0):
        told.append((f"BERTopic zero-shot, least {least}", zero_shot(gold, vectors, model, least)))
    return [*told, ("always the commonest", common)]


def zero_shot(gold: pd.DataFrame, vectors: np.ndarray, model: Any, least: float) -> np.ndarray:
    """What BERTopic finds when it is given the definitions as its topics; the rest is unassigned."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction

    from workbench.embedding import embed

    class Ours(BaseEmbedder):
        def embed(self, documents: list[str], verbose: bool = False) -> np.ndarray:
            return embed(list(documents))

    class Nothing(BaseCluster):
        def fit(self, vectors: np.ndarray, y: object = None) -> Nothing:
            self.labels_ = np.full(len(vectors), -1)
            return self

    topics = [f"{part.names['en']}: {part.definition['en']}" for part in model.stages]
    bertopic = BERTopic(embedding_model=Ours(), zeroshot_topic_list=topics, zeroshot_min_similarity=least,
                        umap_model=BaseDimensionalityReduction(), hdbscan_model=Nothing(), verbose=False)
    found, _ = bertopic.fit_transform(gold["text"].tolist(), embeddings=vectors)
    place = bertopic._topic_id_to_zeroshot_topic_idx
    return np.array([STAGES[place[one]] if one in place else "unassigned" for one in found], dtype=object)


def by_stage(gold: pd.DataFrame, found: np.ndarray, told: np.ndarray) -> None:
    from sklearn.metrics import f1_score

    each = f1_score(gold["stage"][told], found[told], labels=list(STAGES), average=None, zero_division=0)
    print("\nby stage: " + ", ".join(f"{one} {value:.2f} (n {(gold['stage'] == one).sum()})"
                                     for one, value in zip(STAGES, each, strict=True)))


def by_coders(gold: pd.DataFrame, found: np.ndarray) -> None:
    """How well a second coder does on the statements coded twice, beside the workbench; both by the same score."""
    second = pd.read_csv(SAMPLE / "second_coding.csv", dtype=str, keep_default_na=False)
    second["statement_id"] = second["feedback_id"] + "/" + second["statement"]
    other = gold["statement_id"].map(second.set_index("statement_id")["stages"]).str.split("|").str[0]
    twice = (other.notna() & (gold["stage"] != "")).to_numpy()
    coder = other.fillna("").to_numpy()
    random, rows = np.random.default_rng(0), np.flatnonzero(gold["stage"] != "")
    people = [np.flatnonzero(gold["who"] == one) for one in sorted(set(gold["who"].iloc[rows]))]
    again = []
    for _ in range(300):
        drawn = np.concatenate([people[one] for one in random.integers(0, len(people), len(people))])
        drawn = drawn[np.isin(drawn, rows)]
        again.append(score(gold.iloc[drawn], found[drawn], np.ones(len(drawn), dtype=bool)))
    print(f"the {twice.sum()} coded twice: second coder {score(gold, coder, twice):.2f}, workbench "
          f"{score(gold, found, twice):.2f}; standard error of macro-F1 of all, by resampled customers: "
          f"{np.std(again):.3f}")


def by_language(gold: pd.DataFrame, found: np.ndarray, told: np.ndarray) -> None:
    """Macro-F1 over the stages with at least three coded statements in the language."""
    from sklearn.metrics import f1_score

    values = {}
    for language, part in gold[told].groupby("language"):
        count = part["stage"].value_counts()
        stages = [one for one in STAGES if count.get(one, 0) >= 3]
        if len(part) >= 30:
            values[language] = f1_score(part["stage"], found[part.index], labels=stages, average="macro")
    mean = np.mean(list(values.values()))
    print("by language, stages with three statements or more: " +
          ", ".join(f"{language} {value:.2f}" for language, value in values.items()))
    far = [language for language, value in values.items() if abs(value - mean) > 0.10]
    print(f"mean {mean:.2f}; farther than 0.10 from it: {', '.join(far) or 'none'}")


def with_codes(gold: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, model: Any) -> None:
    """Learn from codes of one half of the customers, measure on the other: halves drawn anew, then the kept one.

    Statements to code are drawn by chance, or as `voc codebook sample` draws them: some of each language and theme,
    half of them those whose theme is least sure.
    """
    from workbench.journey import map_journey
    from workbench.themes.sample import draw_sample

    told, kept = (gold["stage"] != "").to_numpy(), gold["is_kept"].to_numpy()
    plain = map_journey(gold, vectors, comments=comments, model=model)
    themes, margins = theme_doubt(gold, vectors)
    print(f"\nlearnt from codes, measured on statements of other customers, mean of {DRAWS} draws")
    for count, which, drawn in ((CODES, "any half", "chance"), (CODES, "any half", "sample"),
                                (CODES, "kept half", "chance"), (CODES, "kept half", "sample"),
                                (1000, "any half", "chance")):
        scores, errors, covered, sizes, met = [], [], [], [], []
        for seed in range(DRAWS):
            random = np.random.default_rng(seed)
            people = np.array(sorted(set(gold["who"])))
            half = gold["who"].isin(random.permutation(people)[: len(people) // 2]).to_numpy()
            half = half if which == "any half" else ~kept
            coded = random.permutation(np.flatnonzero(half & told))[:count]
            if drawn == "sample":
                own = draw_sample(gold[half & told].reset_index(drop=True), themes, margins[half & told], count, seed)
                coded = np.flatnonzero(gold["statement_id"].isin(own["statement_id"]))
            journey = map_journey(gold, vectors, comments=comments, model=model, seed=seed, coverage=COVERAGE,
                                  codes=codes_of(gold.iloc[coded]))
            rest = told & ~half
            scores.append([score(gold, one.assignments["stage_id"].to_numpy(), rest, skip)
                           for one in (journey, plain) for skip in (0, 1)])
            errors.append(journey.facts["calibration_error_after"])
            covered.append(coverage(gold[rest], journey.predictions))
            sizes.append(journey.facts["prediction_size"])
            met.append([touchpoint_hits(gold, one, rest) for one in (plain, journey)])
        learnt, known, without, unlearnt = np.mean(scores, axis=0)
        print(f"{len(coded):>5} codes drawn by {drawn}, {which}: macro-F1 {learnt:.3f} (without codes {without:.3f}), "
              f"without awareness {known:.3f} ({unlearnt:.3f}), calibration error {np.mean(errors):.2f}, "
              f"sets of {np.mean(sizes):.1f} on average")
        before, after = np.mean(met, axis=0)
        print(f"      touchpoint is one of the coded ones: {after:.3f}, without codes {before:.3f}")
        table = pd.concat(covered).groupby(level=0).mean()
        held = ", ".join(f"{name} {value:.2f}" for name, value in table.items())
        print(f"      coverage, {COVERAGE:.0%} asked: {held}")


def codes_alone(gold: pd.DataFrame, vectors: np.ndarray) -> None:
    """What a support vector machine learns from the codes of all other customers and nothing else, in five folds."""
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.svm import SVC

    told = (gold["stage"] != "").to_numpy()
    known = gold[told].reset_index(drop=True)
    machine = SVC(C=10, gamma=1.0)
    found = cross_val_predict(machine, vectors[told], known["stage"], groups=known["who"], cv=GroupKFold(5))
    every = np.ones(len(known), dtype=bool)
    print(f"support vector machine on vectors and {len(known) * 4 // 5:,} codes alone: macro-F1 "
          f"{score(known, found, every):.2f}, without awareness {score(known, found, every, 1):.2f}")


def theme_doubt(gold: pd.DataFrame, vectors: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the theme of each statement, and how much nearer it is to it than to the next one."""
    from workbench.themes import find_themes
    from workbench.themes.coding import prepare_points
    from workbench.themes.sample import theme_margins

    themes = find_themes(gold, vectors)
    ids = np.sort(themes.table["theme_id"].to_numpy())
    assigned = gold[["statement_id"]].merge(themes.assignments)["theme_id"].to_numpy()
    points = prepare_points(gold, vectors, True)
    return themes.assignments, theme_margins(points, themes.vectors, ids[ids >= 0], assigned)


def codes_of(coded: pd.DataFrame) -> pd.DataFrame:
    """Return codes of stages and of touchpoints, a row for each."""
    rows = [coded.assign(code=coded[column].str.split("|"), kind=kind).explode("code").query("code != ''")
            for column, kind in (("stages", "stage_id"), ("touchpoints", "touchpoint_id"))]
    table = pd.concat(rows)[["statement_id", "kind", "code"]]
    return table.assign(stage_id=table["code"].where(table["kind"] == "stage_id", ""),
                        touchpoint_id=table["code"].where(table["kind"] == "touchpoint_id", ""))


def touchpoint_hits(gold: pd.DataFrame, journey: Any, rows: np.ndarray) -> float:
    """How often the touchpoint that is found is one of those coded, of statements with a coded one."""
    asked = rows & (gold["touchpoints"] != "").to_numpy()
    found = journey.touchpoints["touchpoint_id"].to_numpy()[asked]
    wanted = gold["touchpoints"][asked].str.split("|")
    return float(np.mean([one in many for one, many in zip(found, wanted, strict=True)]))


def coverage(rest: pd.DataFrame, predictions: pd.DataFrame) -> pd.Series:
    """How often the first coded stage is in the set, by language and for all."""
    pairs = rest[["statement_id", "stage", "language"]].merge(
        predictions.rename(columns={"stage_id": "stage"})[["statement_id", "stage"]].assign(inside=1), how="left")
    pairs["inside"] = pairs["inside"].fillna(0)
    return pd.concat([pd.Series({"all": pairs["inside"].mean()}), pairs.groupby("language")["inside"].mean()])


def touchpoints(gold: pd.DataFrame, journey: Any) -> None:
    """For each touchpoint beyond sales and service: how many of the statements coded with it are given it."""
    found = journey.touchpoints["touchpoint_id"].to_numpy()
    table = gold.assign(found=found, wanted=gold["touchpoints"].str.split("|"))
    table = table[table["language"].isin(["ar", "fa", "en"])].explode("wanted")
    table = table[~table["wanted"].isin(["", "sales", "contact_centre"])]
    table["hit"] = table["found"] == table["wanted"]
    hit = table.groupby(["wanted", "language"])["hit"].agg(["sum", "size"])
    print("\ntouchpoints beyond sales and service, found of coded")
    for name, part in hit.groupby(level=0):
        print(f"  {name:18}" + "  ".join(f"{language} {row['sum']}/{row['size']}"
                                         for (_, language), row in part.iterrows()))
    missing = [f"{name} ({language})" for (name, language), row in hit.iterrows() if row["sum"] == 0]
    print(f"  never found: {', '.join(missing) or 'none'}")


def abstention(data: Path, gold: pd.DataFrame, vectors: np.ndarray, comments: pd.DataFrame, model: Any) -> None:
    """How many out-of-scope rows of clinc150 are unassigned: by themselves, and among the sample's statements."""
    from workbench.embedding import embed_statements
    from workbench.journey import map_journey

    rows = pd.read_parquet(data / "clinc150.parquet").query("label == 'oos'").reset_index(drop=True)
    ids = "clinc" + rows.index.astype(str)
    other = pd.DataFrame({"statement_id": ids + "/0", "feedback_id": ids, "start": 0, "end": 1,
                          "text": rows["text"].astype(str), "language": "en", "language_confidence": 1.0,
                          "direction": "ltr", "script": "Latn"})
    own = embed_statements(other)
    alone = map_journey(other, own, model=model).assignments["stage_id"] == "unassigned"
    both = map_journey(pd.concat([gold[other.columns], other], ignore_index=True), np.vstack([vectors, own]),
                       comments=comments, model=model).assignments["stage_id"] == "unassigned"
    print(f"\nclinc150 out of scope, unassigned of {len(other)}: {alone.mean():.0%} by themselves, "
          f"{both[len(gold):].mean():.0%} among the sample's statements, of which then {both[:len(gold)].mean():.0%}")
