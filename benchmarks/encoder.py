"""The embedded encoder beside its English-only teacher and character TF-IDF: topics, intents, leak, speed.

Needs in the data folder: ``sib200_20_languages.parquet`` (SIB-200, Adelani and others 2024, CC BY-SA 4.0),
``banking77_en.parquet`` (Casanueva and others 2020, CC BY 4.0), ``banking77_ar_sample.parquet`` (ArBanking77, Jarrar
and others 2023, CC BY-SA 4.0), and for the leak on native text ``persian_snappfood``, ``semeval2016_ar_hotel_reviews``,
``olist_reviews_all_incl_no_text`` and ``airline_tweets``. The teacher is measured where it is installed
(``pip install 'voc-workbench[train]'``); its vectors are kept in the folder of temporary files.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import normalized_mutual_info_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import normalize
from sklearn.svm import SVC

from workbench.embedding import StaticEncoder, embed, embed_statements, texts_to_embed
from workbench.themes import fuzzy_graph, nearest_neighbours, without_language
from workbench.themes.communities import communities

NEEDS = ("sib200_20_languages", "banking77_en", "banking77_ar_sample", "persian_snappfood",
         "semeval2016_ar_hotel_reviews", "olist_reviews_all_incl_no_text", "airline_tweets")
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
KEPT = Path(tempfile.gettempdir()) / "voc-bench-vectors"
ELEVEN = ("arb_Arab", "pes_Arab", "deu_Latn", "fra_Latn", "spa_Latn", "tur_Latn", "por_Latn", "ita_Latn", "nld_Latn",
          "zho_Hans", "jpn_Jpan")
LANGUAGES = {"arb_Arab": "ar", "arb_Latn": "ar", "arz_Arab": "ar", "deu_Latn": "de", "eng_Latn": "en", "fra_Latn": "fr",
             "hin_Deva": "hi", "ind_Latn": "id", "ita_Latn": "it", "jpn_Jpan": "ja", "kor_Hang": "ko", "nld_Latn": "nl",
             "pes_Arab": "fa", "por_Latn": "pt", "prs_Arab": "fa", "rus_Cyrl": "ru", "spa_Latn": "es", "tur_Latn": "tr",
             "urd_Arab": "ur", "zho_Hans": "zh"}
POOL = ("eng_Latn", "arb_Arab", "pes_Arab", "deu_Latn", "spa_Latn", "tur_Latn", "zho_Hans", "jpn_Jpan")
FIRST_LATIN, FIRST_ARABIC = 0.235, 0.657
EMOJI = {"😡": "angry", "😀": "happy", "👍": "good", "👎": "bad", "📦": "parcel", "🚚": "delivery truck", "💳": "card",
         "🔋": "battery", "📱": "mobile phone", "💰": "money", "⏰": "alarm clock", "🌧": "rain", "🔧": "repair tool",
         "🙏": "thank you", "❤️": "love", "🐌": "slow snail", "🎁": "gift", "🔒": "locked", "📞": "telephone call",
         "🧾": "receipt"}
Encode = Callable[[list[str]], np.ndarray]
Figures = dict[str, float]


def run(data: Path | None, model: list[Path] | None = None) -> None:
    assert data is not None
    sib = pd.read_parquet(data / "sib200_20_languages.parquet")
    banking = [pd.read_parquet(data / f"banking77_{name}.parquet") for name in ("en", "ar_sample")]
    texts = pd.concat([sib["text"], *(table["text"] for table in banking)]).drop_duplicates().tolist()
    columns: dict[str, Figures] = {}
    own = {"embedded": StaticEncoder(), **{str(file): StaticEncoder(file) for file in model or ()}}
    for name, encode in ({name: encoder.encode for name, encoder in own.items()} | peers(texts)).items():
        columns[name] = {**topics(sib, encode), **intents(*banking, encode), **emoji(encode)}
    for name, encoder in own.items():
        columns[name] |= {**sample_leak(encoder), **native_leak(data, banking, encoder)}
    print(pd.DataFrame(columns).round(3).to_string(na_rep="-"))
    speed(banking[1]["text"].tolist()[:4000])


def peers(texts: list[str]) -> dict[str, Encode]:
    found: dict[str, Encode] = {}
    teacher = Teacher.load()
    if teacher is not None:
        found["teacher, English only"] = lambda some: embed(some, teacher, cache=KEPT)
    found["characters, TF-IDF and SVD"] = character_model(texts)
    return found


class Teacher:
    """The English encoder that the embedded one learnt from, read as it was read then."""

    name, identity, dimensions = "teacher", "all-MiniLM-L6-v2-bf16-64-tokens-" + "0" * 32, 384

    def __init__(self, model: Any) -> None:
        self.model = model

    @classmethod
    def load(cls) -> Teacher | None:
        from workbench.embedding.training.teacher import TESTED, load_teacher
        from workbench.errors import EncoderError

        try:
            return cls(load_teacher(TESTED, threads=1))
        except EncoderError:
            print("The teacher is not installed: left out")
            return None

    def encode(self, texts: list[str]) -> np.ndarray:
        from workbench.embedding.training.teacher import embed_batch

        return embed_batch(self.model, list(texts)).astype(np.float32)


def character_model(texts: list[str]) -> Encode:
    """TF-IDF of two to four characters in a row, reduced to 128 dimensions; learnt from all texts that it is asked."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    model = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, max_features=100_000),
                          TruncatedSVD(128, random_state=0), Normalizer())
    model.fit(texts)
    return lambda some: np.asarray(model.transform(some))


def topics(sib: pd.DataFrame, encode: Encode) -> Figures:
    """A classifier of topics trained on English, tested on each language; translations found; clusters."""
    ordered = {str(code): group.assign(key=group["parallel_key"].astype(str)).sort_values("key")
               for code, group in sib.groupby("language", sort=True)}
    vectors = {code: encode(group["text"].tolist()) for code, group in ordered.items()}
    english = ordered["eng_Latn"]
    figures = transferred(ordered, vectors) | transferred_in_folds(ordered, vectors) | read_as_a_study(ordered, encode)
    latin = (figures["topic arb_Latn"] - FIRST_LATIN) / (FIRST_ARABIC - FIRST_LATIN)
    figures["share of the gap of arb_Latn recovered (first model 0)"] = latin
    for code in ordered:
        if code != "eng_Latn":
            figures[f"found {code}"] = found_both_ways(vectors[code], vectors["eng_Latn"])
    figures["found, mean of 11"] = float(np.mean([figures[f"found {code}"] for code in ELEVEN]))
    pool = np.concatenate([vectors[code] for code in POOL])
    topic = np.concatenate([ordered[code]["label"] for code in POOL])
    clusters = KMeans(7, n_init=5, random_state=0).fit_predict(pool)
    language = np.repeat(POOL, len(english))
    return figures | {"8 languages, 7 clusters: NMI with topic": agreement(topic, clusters),
                      "8 languages, 7 clusters: NMI with language": agreement(language, clusters),
                      "8 languages, graph: NMI with language": agreement(language, graph_communities(pool))}


def transferred(ordered: dict[str, pd.DataFrame], vectors: dict[str, np.ndarray]) -> Figures:
    """Topics by the set's own division: 701 English sentences to learn from, 204 of each language to test."""
    split = ordered["eng_Latn"]["split"].to_numpy()
    figures: Figures = {}
    for name, (make, told) in CLASSIFIERS.items():
        right = rights(make(), ordered, vectors, split == "train", split == "test")
        scores = {code: float(some.mean()) for code, some in right.items()}
        figures |= {f"{name} {code}": scores[code] for code in told or scores} | means(scores, name)
    return figures


def transferred_in_folds(ordered: dict[str, pd.DataFrame], vectors: dict[str, np.ndarray]) -> Figures:
    """Topics of all 1,004 sentences: each fifth in every language by what the English of the other fifths taught."""
    figures: Figures = {}
    english = ordered["eng_Latn"]["label"]
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(english, english))
    for name, (make, _) in CLASSIFIERS.items():
        found = [rights(make(), ordered, vectors, np.isin(np.arange(len(english)), learnt), asked)
                 for learnt, asked in folds]
        scores = {code: float(np.concatenate([fold[code] for fold in found]).mean()) for code in ordered}
        name = f"{name}, all sentences in folds"
        figures |= {f"{name} {code}": scores[code] for code in ("eng_Latn", *ELEVEN[:2])} | means(scores, name)
    return figures


def read_as_a_study(ordered: dict[str, pd.DataFrame], encode: Encode) -> Figures:
    """Topics of vectors as an analysis makes them: of whole texts and content words; less what a language has alike."""
    figures: Figures = {}
    vectors = {code: content_twice(group.assign(language=LANGUAGES[code]), encode) for code, group in ordered.items()}
    codes = pd.Series(np.repeat(list(ordered), [len(group) for group in ordered.values()]))
    parts = np.cumsum([len(group) for group in ordered.values()])[:-1]
    bare = without_language(np.concatenate(list(vectors.values())), codes)
    found = dict(zip(ordered, np.split(bare, parts), strict=True))
    for how, some in (("as statements are read", vectors), ("as themes are found", found)):
        told = transferred(ordered, some) | transferred_in_folds(ordered, some)
        figures |= {f"{how}: {name}": value for name, value in told.items() if "mean of" in name or "behind" in name}
    return figures


def content_twice(table: pd.DataFrame, encode: Encode) -> np.ndarray:
    """Vectors of whole texts and of their content words, in equal parts, as `embed_statements` makes them."""
    both = encode(texts_to_embed(table))
    return normalize(both[: len(table)] + both[len(table) :])


def rights(model: Any, ordered: dict[str, pd.DataFrame], vectors: dict[str, np.ndarray], learnt: np.ndarray,
           asked: np.ndarray) -> dict[str, np.ndarray]:
    """Return for each language which of the sentences `asked` a model of the English ones gets right."""
    model.fit(vectors["eng_Latn"][learnt], ordered["eng_Latn"]["label"][learnt])
    return {code: model.predict(vectors[code][asked]) == group["label"].to_numpy()[asked]
            for code, group in ordered.items()}


def means(scores: Figures, name: str) -> Figures:
    """The mean of eleven languages, and how far Arabic and Persian are behind German, French and Spanish."""
    three = float(np.mean([scores[code] for code in ELEVEN[2:5]]))
    return {f"{name}, mean of 11": float(np.mean([scores[code] for code in ELEVEN])),
            f"{name}, mean of de fr es": three, f"{name}, Arabic behind these": three - scores[ELEVEN[0]],
            f"{name}, Persian behind these": three - scores[ELEVEN[1]]}


def intents(english: pd.DataFrame, arabic: pd.DataFrame, encode: Encode) -> Figures:
    """A classifier of 77 intents trained on English questions to a bank, tested on Arabic ones."""
    train, test = (english[english["split"] == split] for split in ("train", "test"))
    model = classifier().fit(encode(train["text"].tolist()), train["label"])
    right = model.predict(encode(arabic["text"].tolist())) == arabic["label"].to_numpy()
    by_dialect = pd.Series(right).groupby(arabic["dialect"].to_numpy()).mean()
    return {"intent, English": model.score(encode(test["text"].tolist()), test["label"]),
            "intent, Arabic": float(right.mean()),
            **{f"intent, {name}": float(share) for name, share in by_dialect.items()}}


def emoji(encode: Encode) -> Figures:
    """Twenty emoji and a word for each; emoji and their names were among what the embedded encoder was trained on."""
    nearest = (encode(list(EMOJI)) @ encode(list(EMOJI.values())).T).argmax(axis=1)
    return {"emoji, own word of 20 nearest": float(np.mean(nearest == np.arange(len(EMOJI))))}


def sample_leak(encoder: StaticEncoder) -> Figures:
    """The sample's statements, as an analysis encodes them: do communities follow language?"""
    gold = pd.read_csv(SAMPLE / "gold.csv", dtype=str, keep_default_na=False)
    comments = pd.read_csv(SAMPLE / "feedback.csv", dtype=str, keep_default_na=False)
    languages = pd.read_csv(SAMPLE / "gold_comments.csv", dtype=str, keep_default_na=False)
    table = gold.merge(comments[["feedback_id", "text"]]).merge(languages[["feedback_id", "languages"]])
    table["language"] = table["languages"].str.split("|").str[0]
    table["text"] = [text[int(start):int(end)] for text, start, end in
                     zip(table["text"], table["start"], table["end"], strict=True)]
    vectors = embed_statements(table, encoder)
    theme = table["themes"].str.split("|").str[0]
    coded = theme.ne("").to_numpy()
    figures = leak("sample", vectors, table["language"])
    plain = KMeans(25, n_init=3, random_state=0).fit_predict(vectors[coded])
    return figures | {"sample, 25 clusters: NMI with theme": agreement(theme[coded], plain),
                      "sample, theme of a statement, 4-fold": fourfold(vectors[coded], theme[coded],
                                                                       table["feedback_id"][coded])}


def native_leak(data: Path, banking: list[pd.DataFrame], encoder: StaticEncoder) -> Figures:
    """Native text: questions to a bank in two languages, and reviews of four trades in four languages."""
    two = pd.concat([banking[0].head(8000).assign(language="en"), banking[1].assign(language="ar")])
    names = ("persian_snappfood", "semeval2016_ar_hotel_reviews", "olist_reviews_all_incl_no_text", "airline_tweets")
    parts = []
    for name in names:
        table = pd.read_parquet(data / f"{name}.parquet", columns=["text", "language"]).dropna()
        table = table[table["text"].str.len() > 15].drop_duplicates("text")
        parts.append(table.sample(min(1500, len(table)), random_state=0))
    return {**leak("banking77 en ar", encoder.encode(two["text"].tolist()), two["language"]),
            **leak("reviews fa ar pt en (four trades)", *encoded(pd.concat(parts), encoder))}


def encoded(table: pd.DataFrame, encoder: StaticEncoder) -> tuple[np.ndarray, pd.Series]:
    return encoder.encode(table["text"].tolist()), table["language"]


def leak(name: str, vectors: np.ndarray, language: pd.Series) -> Figures:
    """Agreement of graph communities with language: of the encoder alone, and after each language's mean is out."""
    language = language.reset_index(drop=True)
    present = np.linalg.norm(vectors, axis=1) > 0
    vectors, language = vectors[present], language[present].reset_index(drop=True)
    return {f"{name}, graph: NMI with language": agreement(language, graph_communities(vectors)),
            f"{name}, graph, as themes are found: NMI with language":
                agreement(language, graph_communities(without_language(vectors, language)))}


def fourfold(vectors: np.ndarray, label: pd.Series, group: pd.Series) -> float:
    from sklearn.model_selection import GroupKFold

    right = []
    for train, test in GroupKFold(4).split(vectors, label, group):
        model = classifier().fit(vectors[train], label.iloc[train])
        right.append(model.predict(vectors[test]) == label.iloc[test].to_numpy())
    return float(np.concatenate(right).mean())


def speed(texts: list[str]) -> None:
    """Texts a second on one thread, and what cutting into tokens takes of it."""
    from threadpoolctl import threadpool_limits

    teacher = Teacher.load()
    with threadpool_limits(1):  # an encoder remembers the words that it has read: each time a new one
        whole = min(seconds(partial(StaticEncoder().encode, texts)) for _ in range(3))
        cutting = min(seconds(partial(StaticEncoder().tokenise, texts)) for _ in range(3))
        print(f"embedded: {len(texts) / whole:,.0f} texts a CPU second, "
              f"{cutting / whole:.0%} of it cutting into tokens")
        if teacher is not None:
            some = texts[:256]
            slow = seconds(lambda: teacher.encode(some))
            print(f"teacher: {len(some) / slow:,.0f} texts a CPU second; the embedded one is "
                  f"{slow / len(some) * len(texts) / whole:,.0f} times as fast")


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def classifier() -> LogisticRegression:
    return LogisticRegression(C=10, max_iter=1000)


def chosen_classifier() -> GridSearchCV:
    """A classifier whose kind and strength five folds of the English training sentences choose, no other language."""
    strengths = [0.1, 0.3, 1, 3, 10, 30]
    kinds = [{"model": [LogisticRegression(max_iter=2000)], "model__C": strengths},
             {"model": [SVC()], "model__C": strengths}]
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return GridSearchCV(Pipeline([("model", SVC())]), kinds, cv=folds)


CLASSIFIERS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "topic": (classifier, ()),
    "topic, chosen classifier": (chosen_classifier, ("eng_Latn", *ELEVEN[:2], "arb_Latn")),
}
"""How each is made, and the languages that are told of it: all where none is named."""


def agreement(left: Any, right: np.ndarray) -> float:
    return float(normalized_mutual_info_score(left, right))


def found_both_ways(left: np.ndarray, right: np.ndarray) -> float:
    """Share of sentences whose translation is the nearest, the mean of both directions."""
    similar, own = left @ right.T, np.arange(len(left))
    return float(((similar.argmax(1) == own).mean() + (similar.argmax(0) == own).mean()) / 2)


def graph_communities(vectors: np.ndarray) -> np.ndarray:
    """Communities as themes are found: 30 neighbours, resolution 1.5."""
    return communities(fuzzy_graph(*nearest_neighbours(vectors, 30)), 1.5, 0)
