"""Make the tables of the sample study from the comments as they were written.

    python data/sample/build.py            # writes beside this file
    python data/sample/build.py FOLDER     # writes into FOLDER

``written/`` holds the originals, one JSON object a line. This script changes no words. It puts invented, well-formed
values where the writer left a placeholder, adds the numbers that a company would have beside the words (drawn from
fixed seeds, so that a second run gives the same bytes), orders and names the comments, and lists where the gold and
the personal data stand in the final text. Only the standard library, and openpyxl for the Excel file.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import card
import wild_copy
from draws import share
from figures import customer_names, customers, minute_of_day, scores
from personal_data import fill
from questions import PURPOSE, question_text

HERE = Path(__file__).parent
WRITTEN = HERE / "written"
NOT_COMMENTS = ("company_texts", "actions")

FEEDBACK = ("feedback_id", "created_at", "text", "source", "speaker", "question", "collected_for", "channel",
            "touchpoint", "market", "segment", "customer_id", "account_id", "language", "nps", "rating", "rating_max",
            "effort", "revenue", "cost", "churned")
GOLD = ("feedback_id", "statement", "start", "end", "themes", "stages", "touchpoints", "tone")
GOLD_COMMENTS = ("feedback_id", "languages", "variety", "tone", "flags", "dup_of")
PII = ("feedback_id", "start", "end", "type")

STATED = 0.70  # share of rows whose language the export states
WRONG = 8      # of these are wrong, as in any export
TAKEN_FOR = {"fa": "ar", "ar": "fa", "de": "nl", "nl": "de", "es": "pt", "pt": "es", "fr": "en", "it": "es",
             "tr": "en", "en": "de", "ru": "en", "hi": "en", "ja": "zh", "zh": "ja"}
SECOND_LANGUAGE = {"es-041": "ca", "es-043": "ca", "tr-027": "de", "tr-061": "de", "en-062": "hi", "en-117": "hi",
                   "en-189": "hi"}  # of the comments that mix; in all others it is English


def main(folder: Path) -> None:
    """Write every table into `folder`."""
    rows = read_written()
    feedback = build_feedback(rows)
    gold, gold_comments, pii = build_gold(rows)
    write_csv(folder / "feedback.csv", FEEDBACK, feedback)
    write_csv(folder / "gold.csv", GOLD, gold)
    write_csv(folder / "gold_comments.csv", GOLD_COMMENTS, gold_comments)
    write_csv(folder / "pii.csv", PII, pii)
    for name in NOT_COMMENTS:
        if entries := read_lines(WRITTEN / f"{name}.jsonl"):
            write_csv(folder / f"{name}.csv", columns_of(entries), entries)
    wild_copy.write(folder / "wild", rows, feedback)
    card.write_counts(folder, HERE, rows, feedback, pii)


def read_lines(path: Path) -> list[dict]:
    """Return the objects of a JSON Lines file, none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_written() -> list[dict]:
    """Return all comments in their final order, each with its final text, offsets and ids."""
    files = sorted(path for path in WRITTEN.glob("*.jsonl") if path.stem not in NOT_COMMENTS)
    rows = [row for path in files for row in read_lines(path)]
    for row in rows:
        row["created_at"] = datetime.fromisoformat(row["date"]) + timedelta(minutes=minute_of_day(row))
    rows.sort(key=lambda row: (row["created_at"], share("order", row["key"])))
    for number, row in enumerate(rows, start=1):
        row["feedback_id"] = f"TV-{number:05d}"
        row["final_text"], row["planted"], row["final_offset"] = fill(row)
    return rows


def build_feedback(rows: list[dict]) -> list[dict]:
    """Return the comments table."""
    writer, known = customer_names(rows), customers(rows)
    nobody = dict.fromkeys(("customer_id", "account_id", "revenue", "cost", "churned"), "")
    languages = stated_languages(rows)
    return [{
        "feedback_id": row["feedback_id"],
        "created_at": row["created_at"].isoformat(),
        "text": row["final_text"],
        **{name: row[name] for name in ("source", "speaker", "channel", "touchpoint", "market", "segment")},
        "question": question_text(row["question"], row["lang"]),
        "collected_for": PURPOSE.get(row["question"], ""),
        "language": languages[row["key"]],
        **scores(row),
        **(known[writer[row["key"]]] if row["key"] in writer else nobody),
    } for row in rows]


def stated_languages(rows: list[dict]) -> dict[str, str]:
    """Return the language column: stated for about 70 % of the comments, and wrong for eight of these."""
    stated = {row["key"]: row["lang"] if share("language stated", row["key"]) < STATED else "" for row in rows}
    filled = sorted((key for key in stated if stated[key]), key=lambda key: share("language wrong", key))
    for key in filled[:WRONG]:
        stated[key] = TAKEN_FOR[stated[key]]
    return stated


def build_gold(rows: list[dict]) -> tuple[list[dict], list[dict], list[dict]]:
    """Return the coded statements, the coded comments and the personal data, with offsets into the final text."""
    ids = {row["key"]: row["feedback_id"] for row in rows}
    gold = [entry for row in rows for entry in gold_statements(row)]
    comments = [{
        "feedback_id": row["feedback_id"],
        "languages": "|".join([row["lang"], *([SECOND_LANGUAGE.get(row["key"], "en")] * ("mixed" in row["flags"]))]),
        "variety": row["variety"],
        "tone": row["tone"],
        "flags": row["flags"],
        "dup_of": ids.get(row.get("dup_of"), ""),
    } for row in rows]
    return gold, comments, [entry for row in rows for entry in personal_data(row)]


def gold_statements(row: dict) -> list[dict]:
    """Return the statements of one comment; each stands after the one before it."""
    entries, here = [], 0
    for number, said in enumerate(row["gold"]):
        start = row["text"].index(said["s"], here)
        here = start + len(said["s"])
        entries.append({"feedback_id": row["feedback_id"], "statement": number,
                        "start": row["final_offset"](start), "end": row["final_offset"](here),
                        **{name: "|".join(said[name]) for name in ("themes", "stages", "touchpoints")},
                        "tone": said["tone"]})
    return entries


def personal_data(row: dict) -> list[dict]:
    """Return every datum of one comment: those drawn, and every mention of those that the writer made up."""
    spans = [(span.start, span.end, span.kind) for span in row["planted"]]
    for datum in row["pii"]:
        here = -1
        while (here := row["final_text"].find(datum["s"], here + 1)) >= 0:
            spans.append((here, here + len(datum["s"]), datum["type"]))
    return [{"feedback_id": row["feedback_id"], "start": start, "end": end, "type": kind}
            for start, end, kind in sorted(set(spans))]


def columns_of(entries: Iterable[dict]) -> tuple[str, ...]:
    """Return the columns in the order in which they first appear."""
    return tuple(dict.fromkeys(name for entry in entries for name in entry))


def write_csv(path: Path, columns: tuple[str, ...], entries: list[dict]) -> None:
    """Write beside, then move into place, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        table.writeheader()
        table.writerows({name: as_cell(value) for name, value in entry.items()} for entry in entries)
    os.replace(beside, path)


def as_cell(value: object) -> object:
    """Join lists, and leave nothing where there is none."""
    if isinstance(value, list):
        return "|".join(map(str, value))
    return "" if value is None else value


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
