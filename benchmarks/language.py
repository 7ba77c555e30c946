"""Languages, romanised text and personal data: how often each is recognised, and how fast.

Needs ``sib200_20_languages.parquet`` in the data folder: SIB-200 (D. Adelani and others, 2024), columns ``text``,
``language`` (such as ``pes_Arab``) and ``split``. lingua and langdetect are measured beside the workbench where they
are installed (``pip install -r benchmarks/requirements.txt``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks._harness import markdown
from workbench.feedback import find_personal_data
from workbench.feedback.redaction_score import score_redaction
from workbench.language import LANGUAGES, identify_languages, says_nothing

NEEDS = ("sib200_20_languages",)
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
LENGTHS = {"full": None, "25": 25, "12": 12}
ISO = {"arb_Arab": "ar", "arz_Arab": "ar", "arb_Latn": "ar", "deu_Latn": "de", "eng_Latn": "en", "fra_Latn": "fr",
       "hin_Deva": "hi", "ita_Latn": "it", "jpn_Jpan": "ja", "kor_Hang": "ko", "nld_Latn": "nl", "pes_Arab": "fa",
       "prs_Arab": "fa", "por_Latn": "pt", "rus_Cyrl": "ru", "spa_Latn": "es", "tur_Latn": "tr", "urd_Arab": "ur",
       "zho_Hans": "zh", "ind_Latn": "id"}
ARABIC_KEYS = str.maketrans({"ی": "ي", "ک": "ك", "\u200c": " "})
RETYPED = "pes_Arab, Arabic keys"

Detector = Callable[[list[str]], list[str]]


def run(data: Path | None) -> None:
    assert data is not None
    sentences = pd.read_parquet(data / "sib200_20_languages.parquet")
    test = sentences[sentences["split"] == "test"] if "split" in sentences else sentences
    identification(test)
    romanised()
    redaction()


def ours(texts: list[str]) -> list[str]:
    return identify_languages(texts)["language"].tolist()


def detectors() -> dict[str, Detector]:
    """Return what is installed; peers get the set of languages that the workbench has, where they can."""
    found: dict[str, Detector] = {"workbench": ours}
    try:
        from lingua import IsoCode639_1, LanguageDetectorBuilder
    except ImportError:
        print("lingua is not installed: left out")
    else:
        codes = [getattr(IsoCode639_1, code.upper()) for code in (*LANGUAGES, "ko")]
        lingua = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_preloaded_language_models().build()
        found["lingua"] = lambda texts: [
            answer.iso_code_639_1.name.lower() if answer else "und" for answer in map(lingua.detect_language_of, texts)]
    try:
        import langdetect
    except ImportError:
        print("langdetect is not installed: left out")
    else:
        langdetect.DetectorFactory.seed = 0
        found["langdetect"] = lambda texts: [_langdetect(langdetect, text) for text in texts]
    return found


def _langdetect(langdetect, text: str) -> str:
    try:
        return str(langdetect.detect(text))[:2]
    except langdetect.LangDetectException:
        return "und"


def cut(text: str, length: int | None) -> str:
    """Return the beginning of a text, up to the last whole word within `length` characters where there is one."""
    if length is None or len(text) <= length:
        return text
    head = text[:length]
    whole = head.rpartition(" ")[0]
    return (whole if len(whole) >= length // 2 else head).strip()


def identification(test: pd.DataFrame) -> None:
    rows = {language: part["text"].tolist() for language, part in test.groupby("language")}
    rows[RETYPED] = [text.translate(ARABIC_KEYS) for text in rows["pes_Arab"]]
    found = detectors()
    accuracy: dict[tuple[str, str], dict[str, float]] = {}
    seconds = {(name, length): 0.0 for name in found for length in LENGTHS}
    count = sum(map(len, rows.values()))
    for name, detect in found.items():
        detect(["a first call loads models", "متن", "نص"])
        for label, length in LENGTHS.items():
            for language, texts in rows.items():
                short = [cut(text, length) for text in texts]
                started = time.process_time()
                answers = detect(short)
                seconds[name, label] += time.process_time() - started
                wanted = {ISO[language.split(",")[0]], *(["und"] if language == "ind_Latn" else [])}
                accuracy.setdefault((name, label), {})[language] = sum(map(wanted.__contains__, answers)) / len(texts)
    table = pd.DataFrame(accuracy)
    scored = [language for language in rows if language not in ("arb_Latn", "ind_Latn", RETYPED)]
    table.loc["mean, without the next three"] = table.loc[scored].mean()
    order = [*sorted(scored), "mean, without the next three", "arb_Latn", RETYPED, "ind_Latn"]
    shown = table.loc[order].map("{:.3f}".format)
    shown.loc["texts a CPU second"] = [f"{count / seconds[column]:,.0f}" for column in table]
    shown.columns = [f"{name} {label}" for name, label in table]
    print(f"\nAccuracy over {len(test):,} test sentences, whole and cut to 25 and 12 characters\n")
    print(markdown(shown))
    print("\nIndonesian is not among the languages of the workbench: right is there to take it for none of them.")


def romanised() -> None:
    comments, gold = read("feedback.csv"), read("gold_comments.csv").set_index("feedback_id")
    answers = identify_languages(comments["text"])
    variety = comments["feedback_id"].map(gold["variety"])
    rows = []
    for code, name in (("ar", "Arabic"), ("fa", "Persian"), ("hi", "Hindi")):
        planted = variety.eq(f"{code}-latn").to_numpy()
        said = (answers["romanised"] & answers["language"].eq(code)).to_numpy()
        both = (planted & said).sum()
        rows.append((f"{name} in Latin letters", planted.sum(), both / planted.sum(), both / max(said.sum(), 1)))
    retyped = variety.eq("fa-arabic-letters").to_numpy()
    rows.append(("Persian typed with Arabic letters, read as Persian", retyped.sum(),
                 answers["language"].eq("fa").to_numpy()[retyped].mean(), float("nan")))
    flagged = comments["feedback_id"].map(gold["flags"]).str.contains("nothing").to_numpy()
    silent = comments["text"].map(says_nothing).to_numpy()
    rows.append(("answers that say nothing", flagged.sum(), (flagged & silent).sum() / flagged.sum(),
                 (flagged & silent).sum() / max(silent.sum(), 1)))
    table = pd.DataFrame(rows, columns=["in the sample", "comments", "recall", "precision"]).set_index("in the sample")
    print(f"\nDetectors on the sample's {len(comments):,} comments\n")
    print(markdown(shares(table)))


def redaction() -> None:
    comments = read("feedback.csv")
    planted = read("pii.csv").astype({"start": int, "end": int})
    texts = comments["text"].tolist()
    find_personal_data("one, so that all patterns are there")
    started = time.process_time()
    for text in texts:  # before anything else looks at them: what was found lately is remembered
        find_personal_data(text)
    speed = len(texts) / (time.process_time() - started)
    score = score_redaction(comments, planted).set_index("type")
    print("\nRedaction of planted personal data in the sample\n")
    print(markdown(shares(score)))
    print(f"\n{speed:,.0f} comments a CPU second")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / name, dtype=str, keep_default_na=False)


def shares(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: table[name].map("{:.2f}".format) for name in ("recall", "precision")})
