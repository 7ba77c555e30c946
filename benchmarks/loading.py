"""Seconds and peak memory to load comments from a CSV of 100,000 and of 1,000,000 rows; the rows are synthetic."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

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
import json, resource, sys, time
from workbench.feedback import load_feedback
started = time.perf_counter()
comments, rejected = load_feedback(sys.argv[1])
seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, len(comments), len(rejected)]))
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


def measure(path: Path) -> tuple[float, float, float, int, int]:
    """Return seconds, CPU seconds, peak MB, comments and rejected rows of loading a file in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True)
    seconds, worked, megabytes, comments, rejected = json.loads(done.stdout)
    return seconds, worked, megabytes, comments, rejected


def run(data: Path | None) -> None:
    """Print a line for each size."""
    print("Synthetic rows (seed 7), 14 columns, English, German, Persian and Arabic; each size in its own process.")
    print(f"{'rows':>10} {'file MB':>8} {'seconds':>8} {'CPU s':>6} {'peak MB':>8} {'comments':>10} {'rejected':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES:
            path = Path(folder) / f"{count}.csv"
            write_rows(path, count)
            seconds, worked, megabytes, comments, rejected = measure(path)
            print(f"{count:>10,} {path.stat().st_size / 1e6:>8.0f} {seconds:>8.1f} {worked:>6.1f} {megabytes:>8.0f} "
                  f"{comments:>10,} {rejected:>9,}")
