"""The same study as three systems would hand it over: an old Persian export, an Excel sheet, JSON Lines."""

from __future__ import annotations

import json
import os
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

PERSIAN = {
    "feedback_id": "شناسه", "created_at": "تاریخ", "text": "متن نظر", "source": "نوع", "speaker": "گوینده",
    "question": "پرسش", "collected_for": "هدف پرسش", "channel": "کانال", "touchpoint": "نقطه تماس",
    "market": "بازار", "segment": "گروه", "customer_id": "شماره مشترک", "account_id": "شماره قرارداد",
    "language": "زبان", "nps": "امتیاز توصیه", "rating": "رضایت", "rating_max": "سقف رضایت", "effort": "زحمت",
    "revenue": "درآمد", "cost": "هزینه", "churned": "رفته",
}
GERMAN = {
    "feedback_id": "Vorgangsnummer", "created_at": "Eingegangen am", "text": "Kommentar", "source": "Quelle",
    "speaker": "Wer spricht", "question": "Frage", "collected_for": "Erhoben für", "channel": "Kanal",
    "touchpoint": "Kontaktpunkt", "market": "Land", "segment": "Kundengruppe", "customer_id": "Kundennummer",
    "account_id": "Vertragskonto", "language": "Sprache", "nps": "Weiterempfehlung", "rating": "Sterne",
    "rating_max": "Sterne höchstens", "effort": "Aufwand", "revenue": "Jahresumsatz", "cost": "Betreuungskosten",
    "churned": "Gekündigt",
}
SHORT = {
    "feedback_id": "id", "created_at": "ts", "text": "body", "source": "kind", "speaker": "who", "question": "asked",
    "collected_for": "asked_for", "channel": "via", "touchpoint": "tp", "market": "country", "segment": "seg",
    "customer_id": "cust", "account_id": "acct", "language": "lang", "nps": "recommend", "rating": "stars",
    "rating_max": "stars_of", "effort": "effort_1_7", "revenue": "rev_eur", "cost": "cost_eur", "churned": "left",
}
EUROPE = ("GB", "IE", "DE", "AT", "NL", "FR", "ES", "IT", "PT", "TR")
UTC_MINUTES = {"IR": 210, "IN": 330, "CN": 480, "JP": 540, "KZ": 300, "SA": 180, "AE": 240, "JO": 180, "EG": 120}
EGYPT_SUMMER = (datetime(2026, 4, 24), datetime(2026, 10, 30))  # clocks go forward by an hour
EMPTY_ROW_AFTER = 40


def write(folder: Path, rows: list[dict], feedback: list[dict]) -> None:
    """Write each comment into exactly one of the three files."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[dict]] = {"iran": [], "europe": [], "rest": []}
    for row, entry in zip(rows, feedback, strict=True):
        parts[_home(row, entry)].append(entry)
    _write_windows1256(folder / "iran_windows1256.csv", parts["iran"])
    _write_excel(folder / "europe.xlsx", parts["europe"])
    _write_json_lines(folder / "rest.jsonl", parts["rest"])


def _home(row: dict, entry: dict) -> str:
    if row["lang"] in ("fa", "ar") and all(_fits(str(value)) for value in entry.values()):
        return "iran"
    return "europe" if row["market"] in EUROPE else "rest"


def windows1256(text: str) -> str:
    """Write as systems did that know no Persian yeh: the code page has only the Arabic one."""
    return text.replace("ی", "ي")


def _fits(text: str) -> bool:
    try:
        windows1256(text).encode("cp1256")
    except UnicodeEncodeError:
        return False
    return True


def jalali(day: date) -> tuple[int, int, int]:
    """Return year, month and day of the Solar Hijri calendar, for days from March 2025 to March 2029.

    Nowruz fell or falls on 21 March 2025 (1404), 21 March 2026 (1405), 21 March 2027 (1406) and 20 March 2028 (1407).
    """
    nowruz = {1404: date(2025, 3, 21), 1405: date(2026, 3, 21), 1406: date(2027, 3, 21), 1407: date(2028, 3, 20)}
    year = max(year for year, first in nowruz.items() if first <= day)
    passed = (day - nowruz[year]).days
    if passed < 186:
        return year, passed // 31 + 1, passed % 31 + 1
    return year, (passed - 186) // 30 + 7, (passed - 186) % 30 + 1


def _write_windows1256(path: Path, entries: list[dict]) -> None:
    lines = [";".join(windows1256(name) for name in PERSIAN.values())]
    for entry in entries:
        day = "{:04d}/{:02d}/{:02d}".format(*jalali(datetime.fromisoformat(entry["created_at"]).date()))
        cells = {**entry, "created_at": day, "churned": {True: "1", False: "0"}.get(entry["churned"], "")}
        lines.append(";".join(_quoted(windows1256(_plain(cells[name]))) for name in PERSIAN))
    _replace(path, ("\r\n".join(lines) + "\r\n").encode("cp1256"))


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ';"\r\n') else cell


def _write_json_lines(path: Path, entries: list[dict]) -> None:
    lines = []
    for entry in entries:
        values = {SHORT[name]: value for name, value in entry.items() if value not in ("", None)}
        values["ts"] = with_zone(datetime.fromisoformat(entry["created_at"]), entry["market"])
        lines.append(json.dumps({short: values[short] for short in SHORT.values() if short in values},
                                ensure_ascii=False))
    _replace(path, ("\n".join(lines) + "\n").encode())


def with_zone(moment: datetime, market: str) -> str:
    """Return an ISO time with the offset that the clocks of the market had."""
    minutes = UTC_MINUTES[market]
    if market == "EG" and EGYPT_SUMMER[0] <= moment < EGYPT_SUMMER[1]:
        minutes += 60
    return f"{moment.isoformat()}+{minutes // 60:02d}:{minutes % 60:02d}"


def _write_excel(path: Path, entries: list[dict]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Rückmeldungen"
    sheet.append(list(GERMAN.values()))
    for entry in entries:
        line = sheet.max_row + 1 + (sheet.max_row == EMPTY_ROW_AFTER)
        for column, name in enumerate(GERMAN, start=1):
            _set(sheet.cell(line, column), name, entry[name])
    beside = path.with_name("europe.part")
    book.save(beside)
    _replace(path, _without_clock(beside))
    beside.unlink()


def _set(cell, name: str, value: object) -> None:
    if value in ("", None):
        return
    cell.value = datetime.fromisoformat(value) if name == "created_at" else value  # type: ignore[arg-type]
    if isinstance(value, str) and name != "created_at":
        cell.data_type = "s"  # a comment that starts with "=" is words, not a formula


def _without_clock(path: Path) -> bytes:
    """Return the Excel file with every time of writing set to one moment, so that a second run gives the same bytes."""
    from io import BytesIO

    out = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-02T08:00:00Z", content)
            entry = zipfile.ZipInfo(name, (2026, 11, 2, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(content)
    os.replace(beside, path)
