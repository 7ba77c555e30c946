"""Tone: how often it is told right, zero-shot and with own scores, beside VADER and a majority baseline.

Needs ``persian_snappfood.parquet`` (Persian food orders, positive or negative), ``airline_tweets.parquet`` (English,
three tones) and ``semeval2016_ar_hotel_reviews.parquet`` (Arabic, positive or negative) in the data folder: columns
``text`` and ``label`` or ``label2``. The sample study's coding needs no data folder. VADER is measured where it is
installed (``pip install -r benchmarks/requirements.txt``); it knows English only. The shipped model has learned from
none of these texts.

Shares of tone are then asked of comments drawn from each set with known shares, and their intervals beside these.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._harness import markdown
from benchmarks._sources import missing, there
from workbench.embedding import embed_statements, load_encoder
from workbench.insights.tone import load_shipped, share_tones
from workbench.insights.tone.model import Evidence, ToneModel, to_probabilities
from workbench.insights.tone.shares import ANSWERS, TRANSFER

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
TONES = {"negative": -1, "neutral": 0, "positive": 1}
MOST, OWN = 3000, (200, 1000)
SURE_ENOUGH = 0.5
DRAWN = (30, 150, 1000, 5000)
MIXES = ((0.2, 0.0, 0.8), (0.5, 0.0, 0.5), (0.8, 0.0, 0.2), (0.2, 0.2, 0.6), (0.4, 0.2, 0.4), (0.6, 0.2, 0.2),
         (0.7, 0.1, 0.2))
PUBLIC_SETS = (
    ("SnappFood, Persian", "persian_snappfood", "label", "fa"),
    ("airline tweets, English", "airline_tweets", "label", "en"),
    ("hotel reviews, Arabic", "semeval2016_ar_hotel_reviews", "label2", "ar"),
)


@dataclass(frozen=True)
class Texts:
    """Texts with the tone that people gave them."""

    name: str
    text: list[str]
    language: list[str]
    tone: np.ndarray


def run(data: Path | None) -> None:
    encoder = load_encoder()
    started = time.process_time()
    shipped = load_shipped(encoder)
    seconds = time.process_time() - started
    print(f"The shipped model: {len(shipped.held_out):,} sentences, learned in {seconds:.1f} CPU s")
    rows, languages, shares = [], [], []
    if data is not None and (lacking := missing(data, [file for _, file, _, _ in PUBLIC_SETS])):
        print(lacking)
    for texts in (sample(), *public(data)):
        vectors = embed_statements(pd.DataFrame({"text": texts.text, "language": texts.language}), encoder)
        evidence = Evidence.of(texts.text, texts.language, vectors)
        shares.extend(share_rows(texts, to_probabilities(shipped.model.scores(evidence), shipped.model.temperature),
                                 shipped.held_out))
        for name, told, sure in answers(texts, evidence, shipped):
            rows.append((texts.name, name, *measure(texts.tone[told >= -1], told[told >= -1], sure[told >= -1])))
            if texts.name.startswith("sample") and name == "shipped":
                languages = by_language(texts, told, sure)
    columns = ["texts", "model", "n", "accuracy", "macro-F1", "abstained", "accuracy where told"]
    print("\nTone against people's coding\n")
    print(markdown(pd.DataFrame(rows, columns=columns).set_index("texts")))
    print("\nThe sample's statements by language, the shipped model\n")
    print(markdown(pd.DataFrame(languages, columns=["language", *columns[2:]]).set_index("language")))
    print("\nShares of tone among comments drawn with known shares: how often 95 % intervals hold them\n")
    print(markdown(in_short(pd.DataFrame(shares)).set_index("comments")))


def sample() -> Texts:
    gold = pd.read_csv(SAMPLE / "gold.csv", keep_default_na=False)
    comments = pd.read_csv(SAMPLE / "feedback.csv", keep_default_na=False).set_index("feedback_id")["text"]
    language = pd.read_csv(SAMPLE / "gold_comments.csv", keep_default_na=False).set_index("feedback_id")["languages"]
    text = [comments[name][start:end] for name, start, end in
            zip(gold["feedback_id"], gold["start"], gold["end"], strict=True)]
    own = gold["feedback_id"].map(language).str.split("|").str[0].tolist()
    return Texts("sample, 14 languages", text, own, np.sign(gold["tone"].to_numpy(dtype=int)))


def public(data: Path | None) -> Iterator[Texts]:
    """Return the public sets that are there."""
    for name, file, column, language in PUBLIC_SETS:
        if data is None or not there(data, [file]):
            continue
        table = pd.read_parquet(data / f"{file}.parquet")
        kept = ["negative", "positive", "neutral"] if language == "en" else ["negative", "positive"]
        table = table[table[column].isin(kept)]
        table = table.iloc[np.random.default_rng(0).permutation(len(table))[:MOST]]
        yield Texts(name, table["text"].astype(str).tolist(), [language] * len(table),
                    table[column].map(TONES).to_numpy(dtype=int))


Answer = tuple[str, np.ndarray, np.ndarray]


def answers(texts: Texts, evidence: Evidence, shipped) -> Iterator[Answer]:
    """Yield each model's name, its answers (-9 where a text was learned from), and whether it was sure."""
    values, counts = np.unique(texts.tone, return_counts=True)
    yield "majority", np.full(len(texts.tone), values[counts.argmax()]), np.ones(len(texts.tone), dtype=bool)
    vader, two = load_vader(), 0 not in values
    if vader is not None:
        scores = np.array([vader(text) for text in texts.text])
        told = np.where(scores >= 0, 1, -1) if two else np.select([scores >= 0.05, scores <= -0.05], [1, -1], 0)
        yield "VADER", told, np.ones(len(told), dtype=bool)
    yield "shipped", *decide(shipped.model.scores(evidence), shipped.model.temperature, two)
    for count in OWN:
        if texts.name.startswith("sample") or count >= len(texts.tone) / 2:
            continue
        tones = np.concatenate([shipped.held_out["tone"].to_numpy(), texts.tone[:count]])
        weights = np.concatenate([shipped.held_out["weight"].to_numpy(), np.ones(count)])
        both = shipped.evidence.with_others(evidence[np.arange(count)])
        model = ToneModel().fit_evidence(both, tones, weights)
        told, sure = decide(model.scores(evidence), shipped.model.temperature, two)
        told[:count] = -9
        yield f"shipped and {count:,} own labels", told, sure


def decide(scores: np.ndarray, temperature: float, two: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the likeliest tone, of two where the coding knows two, and whether the model does not abstain."""
    shares = to_probabilities(scores, temperature)
    told = np.where(shares[:, 2] > shares[:, 0], 1, -1) if two else shares.argmax(axis=1) - 1
    return told, shares.max(axis=1) >= SURE_ENOUGH


def measure(tone: np.ndarray, told: np.ndarray, sure: np.ndarray) -> tuple[str, ...]:
    from sklearn.metrics import f1_score

    right = tone == told
    macro = f1_score(tone, told, average="macro", labels=np.unique(tone), zero_division=0.0)
    return (f"{len(tone):,}", f"{right.mean():.3f}", f"{macro:.3f}", f"{1 - sure.mean():.3f}",
            f"{right[sure].mean():.3f}")


def by_language(texts: Texts, told: np.ndarray, sure: np.ndarray) -> list[tuple[str, ...]]:
    language = np.array(texts.language)
    return [(name, *measure(texts.tone[language == name], told[language == name], sure[language == name]))
            for name in sorted(set(texts.language))]


def share_rows(texts: Texts, told: np.ndarray, held_out: pd.DataFrame) -> Iterator[dict[str, float]]:
    """Yield, of each draw, which intervals hold the shares drawn with, their width, and how far the means lie off.

    Where the coding knows no neutral, no share of it is judged. The sample is drawn from whole and by language.
    """
    languages, answer = np.array(texts.language), np.where(told.max(axis=1) >= SURE_ENOUGH, told.argmax(axis=1), 3)
    own = [None, "ar", "en", "fa"] if len(set(texts.language)) > 1 else [None]
    for mix in MIXES if (texts.tone == 0).any() else MIXES[:3]:
        for language in own:
            rows = np.flatnonzero((languages == language) if language else np.ones(len(languages), dtype=bool))
            for count in DRAWN:
                chance = np.random.default_rng(0)
                drawn = np.concatenate([chance.choice(rows[texts.tone[rows] == tone], round(share * count))
                                        for tone, share in zip((-1, 0, 1), mix, strict=True) if share])
                yield from (judge(languages[drawn], answer[drawn], held_out, mix, transfer) | {"comments": count}
                            for transfer in (np.inf, TRANSFER))


def judge(languages: np.ndarray, answer: np.ndarray, held_out: pd.DataFrame, mix: tuple[float, ...], transfer: float
          ) -> dict[str, float]:
    ids = pd.Series(np.arange(len(answer)).astype(str))
    cells = pd.DataFrame({"dimension": "all", "value": "all", "statement_id": ids, "feedback_id": ids,
                          "language": languages})
    tone = pd.DataFrame({"statement_id": ids, "word": np.array(ANSWERS)[answer]})
    row = share_tones(tone, cells, ids.set_axis(ids), held_out, transfer=transfer).iloc[0]
    held = [row[f"{name}_share_low"] <= share <= row[f"{name}_share_high"]
            for name, share in zip(ANSWERS[:3], mix, strict=True) if share]
    return {"transfer": transfer, "held": sum(held), "asked": len(held),
            "width": row["negative_share_high"] - row["negative_share_low"],
            "off": abs(row["negative_share"] - mix[0]),
            "off as told": abs((answer == 0).sum() / (answer < 3).sum() - mix[0])}


def in_short(shares: pd.DataFrame) -> pd.DataFrame:
    """Return a row a number of comments: with errors as on held-out sentences, and as on other texts."""
    rows = []
    for count, part in shares.groupby("comments"):
        here, elsewhere = part[np.isinf(part["transfer"])], part[~np.isinf(part["transfer"])]
        rows.append({"comments": f"{count:,}", "draws": len(here)} | {
            f"{name}, {what}": f"{value:.2f}" for what, own in (("as held out", here), ("as elsewhere", elsewhere))
            for name, value in (("held", own["held"].sum() / own["asked"].sum()), ("width", own["width"].mean()),
                                ("off", own["off"].mean()))} | {"off as told": f"{here['off as told'].mean():.2f}"})
    return pd.DataFrame(rows)


def load_vader() -> Callable[[str], float] | None:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return None
    analyser = SentimentIntensityAnalyzer()
    return lambda text: float(analyser.polarity_scores(text)["compound"])
