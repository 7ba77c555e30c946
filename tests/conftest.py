"""Shared by all tests: a small study of forty comments in three languages, and its analysis, made once."""

import os
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # before any library reads it: no test may ask a model hub
os.environ["VOC_PROCESSES"] = "1"  # tests themselves run side by side; those that need more processes say so

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "study.yaml"

TEXTS = {
    "en": ["the invoice is wrong again", "wrong amount on my invoice", "the parcel never arrived",
           "courier lost my parcel", "the internet is very slow", "slow internet every evening"],
    "ar": ["الفاتورة فيها خطأ", "مبلغ الفاتورة غلط", "الطرد لم يصل", "المندوب ضيع الطرد",
           "الإنترنت بطيء جدا", "سرعة الإنترنت ضعيفة"],
    "fa": ["صورتحساب اشتباه است", "مبلغ صورتحساب زیاد است", "بسته نرسید", "پیک بسته را گم کرد",
           "سرعت اینترنت خیلی کم است", "اینترنت کند است"],
}


def small_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for language, texts in TEXTS.items():
        for number, text in enumerate(texts):
            for month in range(1, 4):
                rows.append({
                    "feedback_id": f"{language}{number}{month}", "text": f"{text} {'!' * month}",
                    "created_at": f"2026-0{month}-1{number}", "market": {"en": "GB", "ar": "EG", "fa": "IR"}[language],
                    "nps": (number * 3 + month) % 11, "customer_id": f"k{language}{number}",
                })
    return rows


def write_small_study(folder: Path, settings: str = "") -> Path:
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(small_rows()).to_csv(folder / "comments.csv", index=False)
    path = folder / "study.yaml"
    path.write_text("name: Small study\nfeedback: comments.csv\nthemes: {minimum_size: 4, neighbours: 8}\n"
                    f"expected:\n  market: {{GB: 0.3, EG: 0.3, IR: 0.3, JO: 0.1}}\n{settings}", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The path of a study whose analysis is stored."""
    from workbench.analysis import analyse

    path = write_small_study(tmp_path_factory.mktemp("small"))
    analyse(path, progress=False)
    return path


@pytest.fixture(scope="session")
def small_analysis(small_study):
    from workbench.analysis import analyse

    return analyse(small_study, progress=False)


@pytest.fixture(scope="session")
def sample_study():
    return SAMPLE


@pytest.fixture(scope="session")
def make_small_study():
    """A function that writes the small study, not analysed, into a folder."""
    return write_small_study
