"""Put the counts of the final data into the card and the story, between marks that stay where they are."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

from story_counts import story

LANGUAGES = {"ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
             "hi": "Hindi", "it": "Italian", "ja": "Japanese", "nl": "Dutch", "pt": "Portuguese", "ru": "Russian",
             "tr": "Turkish", "zh": "Chinese"}
VARIETIES = {"ar-latn": "Arabic in Latin letters (Arabizi)", "fa-latn": "Persian in Latin letters (Finglish)",
             "hi-latn": "Hindi in Latin letters", "fa-arabic-letters": "Persian typed with Arabic letters",
             "ar": "Arabic, standard", "ar-EG": "Arabic, Egyptian", "ar-GULF": "Arabic, Gulf",
             "ar-LEV": "Arabic, Levantine"}
MARK = "<!-- {end}counts: {name} -->"
Line = tuple[object, ...]


def write_counts(folder: Path, templates: Path, rows: list[dict], feedback: list[dict], pii: list[dict]) -> None:
    """Write ``README.md`` and ``story.md`` into `folder` with every counted block made anew."""
    blocks = {name: table(("What", "How many"), lines) for name, lines in story(rows, feedback).items()}
    blocks |= card_tables(rows, feedback, pii)
    for name in ("README.md", "story.md"):
        if (templates / name).exists():
            text = (templates / name).read_text(encoding="utf-8")
            beside = folder / f"{name}.part"
            beside.write_text(with_blocks(text, blocks), encoding="utf-8", newline="\n")
            os.replace(beside, folder / name)


def with_blocks(text: str, blocks: dict[str, str]) -> str:
    """Return the text with each marked block replaced; a mark without a block is an error."""
    def fresh(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"{MARK.format(end='', name=name)}\n{blocks[name]}\n{MARK.format(end='end of ', name=name)}"

    return re.sub(r"<!-- counts: ([\w-]+) -->.*?<!-- end of counts: \1 -->", fresh, text, flags=re.DOTALL)


def table(head: Line, lines: list[Line]) -> str:
    """Return a Markdown table."""
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in (head, rule, *lines))


def card_tables(rows: list[dict], feedback: list[dict], pii: list[dict]) -> dict[str, str]:
    """Return the tables of the card."""
    varieties = Counter(row["variety"] for row in rows)
    shape = [
        ("comments", len(rows)),
        ("statements coded", sum(len(row["gold"]) for row in rows)),
        ("comments with several statements", _part(sum(len(row["gold"]) > 1 for row in rows), rows)),
        ("good or delighted", _part(sum(row["tone"] > 0 for row in rows), rows)),
        ("bad or very bad", _part(sum(row["tone"] < 0 for row in rows), rows)),
        ("neutral, balanced or a question", _part(sum(row["tone"] == 0 for row in rows), rows)),
        ("customers", len({entry["customer_id"] for entry in feedback if entry["customer_id"]})),
        ("customers with two or more comments", sum(
            count > 1 for count in Counter(entry["customer_id"] for entry in feedback
                                           if entry["customer_id"]).values())),
        ("comments that state their language", _part(sum(bool(entry["language"]) for entry in feedback), rows)),
        ("comments with a recorded touchpoint", _part(sum(bool(entry["touchpoint"]) for entry in feedback), rows)),
    ]
    shape += [(f"flag `{flag}`", count) for flag, count in
              sorted(Counter(flag for row in rows for flag in row["flags"]).items())]
    by_language = [(LANGUAGES[name], count) for name, count in _most(row["lang"] for row in rows)]
    by_variety = [(words, varieties[name]) for name, words in VARIETIES.items()]
    return {
        "shape": table(("What", "How many"), shape),
        "language": table(("Language", "Comments"), by_language),
        "variety": table(("Variety", "Comments"), by_variety),
        **{name: table((name.capitalize(), "Comments"), _most(entry[name] for entry in feedback))
           for name in ("channel", "market", "source", "speaker", "segment")},
        "month": table(("Month", "Comments"), sorted(Counter(row["date"][:7] for row in rows).items())),
        "theme": table(("Theme", "Comments"), _most(
            theme for row in rows for theme in {theme for said in row["gold"] for theme in said["themes"]})),
        "pii": table(("Type", "How many"), _most(entry["type"] for entry in pii)),
    }


def _most(values: object) -> list[Line]:
    return sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))  # type: ignore[call-overload]


def _part(count: int, rows: list[dict]) -> str:
    return f"{count} ({count / len(rows):.0%})"
