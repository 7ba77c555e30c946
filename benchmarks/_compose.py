"""A study of any number of multilingual comments, from public sets or, without them, from the sample's own comments.

Every text that there is stands once. Beyond their number, a comment is two different texts of the same language and
kind (three, where pairs run out), so that no two comments are the same; such comments are longer. Of more than 500,000
comments nearly all would be so long: there a comment is the first half of the words of one text and the second half of
another's, as long as the texts are, and a few in a hundred are alike. Dates, markets,
channels, scores and customers are drawn with a seed: volume rises over the year, some customers write often, and scores
follow the tone where the set tells one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._sources import missing, there

SETS = ("airline_tweets", "banking77_ar_sample", "banking77_en", "olist_reviews_all_incl_no_text", "persian_snappfood",
        "semeval2016_ar_hotel_reviews", "sib200_20_languages")
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
TONES = {"negative": -1, "neutral": 0, "positive": 1}
MARKETS = {"en": ("GB", "US", "IE"), "ar": ("EG", "SA", "JO"), "fa": ("IR", "AF"), "pt": ("BR", "PT"),
           "de": ("DE", "AT")}
ELSEWHERE = ("FR", "ES", "TR", "IT", "NL", "IN", "JP", "CN")
CHANNELS = ("app", "web", "phone", "shop", "email")
KINDS = ("survey", "review", "ticket", "chat", "social")
DAYS, FIRST_DAY = 365, "2025-11-01"
HALVES_BEYOND = 500_000
SPARE = 8  # combinations for each comment that is wanted, before a further part is added
Join = Callable[[pd.DataFrame, np.ndarray], pd.DataFrame]


@dataclass(frozen=True)
class Composed:
    """Comments, where their texts are from, and whether they are synthetic."""

    comments: pd.DataFrame
    heading: str
    synthetic: bool


def compose(count: int, data: Path | None, seed: int = 0) -> Composed:
    """Return `count` comments: the same ones for the same count, sets and seed."""
    found = there(data, SETS)
    texts = public_texts(data, found) if data is not None and found else sample_texts()
    rng = np.random.default_rng(seed)
    texts = texts.iloc[rng.permutation(len(texts))].reset_index(drop=True)
    join = joined_halves if count > HALVES_BEYOND else joined_texts
    rows = pd.concat([texts, recombined(texts, count - len(texts), rng, join)], ignore_index=True).head(count)
    source = f"{len(found)} public sets" if found else "SYNTHETIC: the sample study's comments"
    how = "halves of two texts" if join is joined_halves else "two or three texts joined"
    beyond = f", {count - len(texts):,} of them {how}" if count > len(texts) else ""
    return Composed(dressed(rows, seed), f"{count:,} comments composed of {source}{beyond}", not found)


def told_missing(data: Path | None) -> str:
    """Return one sentence on sets that are not there, and what is done without them; nothing where all are."""
    lacking = missing(data, SETS)
    without = "they are left out" if there(data, SETS) else "a synthetic stand-in takes their place"
    return f"{lacking[:-1]}; {without}." if lacking else ""


def public_texts(data: Path, names: list[str]) -> pd.DataFrame:
    """Return ``text``, ``language``, ``kind`` and ``tone`` (-1 to 1, or missing) of each distinct text of some sets."""
    parts = []
    for name in names:
        table = pd.read_parquet(data / f"{name}.parquet")
        tone = table["rating"].sub(3).div(2) if name.startswith("olist") else table["label"].map(TONES)
        parts.append(pd.DataFrame({"text": table["text"].fillna("").astype(str).str.strip(), "kind": name,
                                   "language": table["language"].fillna("en").astype(str),
                                   "tone": pd.to_numeric(tone, errors="coerce")}))
    return _distinct(pd.concat(parts))


def sample_texts() -> pd.DataFrame:
    """Return the texts of the sample study in the same columns."""
    comments = pd.read_csv(SAMPLE / "feedback.csv", dtype=str, keep_default_na=False)
    gold = pd.read_csv(SAMPLE / "gold_comments.csv", dtype=str, keep_default_na=False)
    table = comments[["feedback_id", "text"]].merge(gold[["feedback_id", "languages", "tone"]], on="feedback_id")
    tone = pd.to_numeric(table["tone"], errors="coerce").clip(-1, 1)
    return _distinct(pd.DataFrame({"text": table["text"].str.strip(), "kind": "sample", "tone": tone,
                                   "language": table["languages"].str.split("|").str[0]}))


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["text"].str.len() > 2].drop_duplicates("text").reset_index(drop=True)


def recombined(texts: pd.DataFrame, count: int, rng: np.random.Generator, join: Join) -> pd.DataFrame:
    """Return `count` rows, each of different texts of one language and kind; no combination comes twice."""
    if count <= 0:
        return texts.head(0)
    groups = [group.index.to_numpy() for _, group in texts.groupby(["language", "kind"], sort=True) if len(group) > 3]
    shares = np.array([len(group) for group in groups], dtype=float)
    wanted = np.floor(shares / shares.sum() * count).astype(int)
    wanted[np.argmax(shares)] += count - wanted.sum()
    chosen = [row for group, number in zip(groups, wanted, strict=True) for row in _combinations(group, number, rng)]
    joined = pd.concat([join(texts, part) for part in _by_width(chosen)], ignore_index=True)
    return joined.iloc[rng.permutation(len(joined))]


def _combinations(group: np.ndarray, count: int, rng: np.random.Generator) -> Iterator[tuple[int, ...]]:
    width = 2
    while width < len(group) and float(len(group)) ** width < SPARE * count:
        width += 1
    seen: set[tuple[int, ...]] = set()
    while len(seen) < count:
        for drawn in rng.integers(0, len(group), (count, width)).tolist():
            row = tuple(drawn)
            if len(set(row)) == width and row not in seen and len(seen) < count:
                seen.add(row)
                yield tuple(int(group[place]) for place in row)


def _by_width(rows: list[tuple[int, ...]]) -> list[np.ndarray]:
    widths = sorted({len(row) for row in rows})
    return [np.array([row for row in rows if len(row) == width]) for width in widths]


def joined_texts(texts: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    text = texts["text"].iloc[rows[:, 0]].reset_index(drop=True)
    for place in range(1, rows.shape[1]):
        text = text + " " + texts["text"].iloc[rows[:, place]].reset_index(drop=True)
    return _of_first(texts, rows, text)


def joined_halves(texts: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """The first half of the words of the first text, and the second half of the last one's."""
    words = [text.split(" ") for text in texts["text"]]
    first = pd.Series([" ".join(some[: (len(some) + 1) // 2]) for some in words])
    second = pd.Series([" ".join(some[(len(some) + 1) // 2 :]) for some in words])
    halves = [half.iloc[rows[:, place]].reset_index(drop=True) for half, place in ((first, 0), (second, -1))]
    return _of_first(texts, rows, (halves[0] + " " + halves[1]).str.strip())


def _of_first(texts: pd.DataFrame, rows: np.ndarray, text: pd.Series) -> pd.DataFrame:
    first = texts.iloc[rows[:, 0]].reset_index(drop=True)
    return first.assign(text=text, tone=texts["tone"].to_numpy(dtype=float)[rows].mean(axis=1))


def dressed(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return rows as a file of comments, with ids, dates, markets, channels, scores and customers."""
    count, rng = len(rows), np.random.default_rng([seed, 1])
    day = np.floor(DAYS * rng.random(count) ** 0.8).astype(int)
    tone = rows["tone"].to_numpy(dtype=float)
    tone = np.where(np.isnan(tone), rng.normal(0.1, 0.6, count), tone)
    nps = np.clip(np.rint(6.5 + 3 * tone + rng.normal(0, 2, count)), 0, 10).astype(int)
    asked = rng.random(count) < 0.7
    customers = np.minimum(rng.integers(0, max(count, 1), count), rng.integers(0, max(count, 1), count))
    return pd.DataFrame({
        "feedback_id": [f"f{number:07d}" for number in range(count)], "text": rows["text"].to_numpy(),
        "created_at": (pd.Timestamp(FIRST_DAY) + pd.to_timedelta(day, unit="D")).strftime("%Y-%m-%d"),
        "source": rng.choice(KINDS, count), "channel": rng.choice(CHANNELS, count),
        "market": _markets(rows["language"].to_numpy(), rng), "segment": rng.choice(["home", "business"], count),
        "customer_id": [f"c{number:07d}" for number in customers],
        "nps": pd.Series(nps, dtype="Int64").where(asked),
        "rating": np.clip(np.rint(3.3 + 1.5 * tone + rng.normal(0, 0.7, count)), 1, 5).astype(int), "rating_max": 5,
    })


def _markets(languages: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = rng.random(len(languages))
    found = np.empty(len(languages), dtype=object)
    short = pd.Series(languages).str[:2].replace({"pe": "fa", "pr": "fa", "po": "pt"})
    for code in sorted(set(short)):
        choices, own = np.array(MARKETS.get(code, ELSEWHERE), dtype=object), (short == code).to_numpy()
        found[own] = choices[(drawn[own] * len(choices)).astype(int)]
    return found


def write_study(comments: pd.DataFrame, folder: Path, settings: str = "") -> Path:
    """Write comments and a study of them; return the study's path."""
    folder.mkdir(parents=True, exist_ok=True)
    comments.to_csv(folder / "comments.csv", index=False)
    study = folder / "study.yaml"
    study.write_text(f"name: Composed comments\nfeedback: comments.csv\n{settings}", encoding="utf-8")
    return study
