"""What loading comments from a CSV of 100,000 and of 1,000,000 rows costs; the rows are synthetic."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks._harness import Case, as_figures, compare, cost_table, growth, markdown

SIZES = (100_000, 1_000_000)
HEADER = ("feedback_id", "text", "created_at", "source", "channel", "customer_id", "account_id", "market", "segment",
          "language", "nps", "rating", "revenue", "churned")
SENTENCES = {
    "en": "the router was late again and nobody called back although I had paid for the faster line",
    "de": "der Techniker kam zu spät aber war sehr nett und hat die Störung über Nacht völlig gelöst",
    "fa": "اینترنت هر شب قطع می‌شود و پشتیبانی جواب نمی‌دهد ولی تکنسین با حوصله بود",
    "ar": "الإنترنت ينقطع كل يوم والفني لم يأت في الموعد لكن خدمة العملاء كانت لطيفة",
}
WORDS = {language: sentence.split() for language, sentence in SENTENCES.items()}
MARKETS = {"en": "GB", "de": "DE", "fa": "IR", "ar": "EG"}
CHILD = """
import sys
from workbench.feedback import load_feedback
comments, rejected = load_feedback(sys.argv[1])
assert len(comments) + len(rejected) == int(sys.argv[2])
"""


def write_rows(path: Path, count: int, seed: int = 7) -> None:
    """Write a CSV of `count` seeded rows, about one in a thousand of them faulty, with about 100 bytes of text each."""
    chance = random.Random(seed)
    start = datetime(2025, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(count):
            language = chance.choice(list(WORDS))
            text = " ".join(chance.choices(WORDS[language], k=11 if language in ("fa", "ar") else 18))
            moment = start + timedelta(seconds=chance.randrange(365 * 86_400))
            nps = 99 if chance.random() < 0.001 else chance.randrange(11)
            writer.writerow((
                f"F{chance.randrange(10**9):09d}-{number}", text, moment.isoformat(sep=" "), "survey",
                chance.choice(("web", "shop", "phone")), f"C{chance.randrange(count // 3 + 1):07d}",
                f"A{chance.randrange(5000):05d}", MARKETS[language], chance.choice(("home", "business")), language,
                nps, chance.randrange(1, 6), f"{chance.uniform(50, 900):.2f}", chance.choice(("yes", "no")),
            ))


def run(data: Path | None, rows: Sequence[int] = SIZES, repeats: int = 1) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        cases = []
        for count in rows:
            path = Path(name) / f"{count}.csv"
            write_rows(path, count)
            command = [sys.executable, "-c", CHILD, str(path), str(count)]
            cases.append(Case(f"{count:,} rows, {path.stat().st_size / 1e6:,.0f} MB", [command]))
        runs = compare(cases, repeats)
    print(markdown(cost_table(runs, "synthetic rows (seed 7), 14 columns, in English, German, Persian and Arabic")))
    exponent = growth(rows, [spent[0].cpu for spent in runs.values()])
    print(f"\nCPU grows with the rows to the power of {exponent}" if exponent is not None else "")
    return {"runs": as_figures(runs), "growth": exponent}
