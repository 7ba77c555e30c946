"""Count in the gold what was planted, so that ``story.md`` can say it in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean

from figures import is_unsolved_visit

APP_BREAKS, APP_MENDED = "2026-03-10", "2026-05-12"
COURIER_CHANGES = "2026-05-01"
SHORTER_CALLS = "2026-01-15"
HEAT_AMONG_STAFF, HEAT_AMONG_CUSTOMERS = "2026-06-05", "2026-07-12"


def blames(row: dict, theme: str) -> bool:
    """Say whether one of the comment's statements speaks badly of the theme."""
    return any(theme in said["themes"] and said["tone"] < 0 for said in row["gold"])


def praises(row: dict, theme: str) -> bool:
    """Say whether one of the comment's statements speaks well of the theme."""
    return any(theme in said["themes"] and said["tone"] > 0 for said in row["gold"])


def speaks_of(row: dict, theme: str) -> bool:
    """Say whether one of the comment's statements is about the theme."""
    return any(theme in said["themes"] for said in row["gold"])


def _count(rows: Iterable[dict], *tests: Callable[[dict], bool]) -> int:
    return sum(all(test(row) for test in tests) for row in rows)


def _from(first: str, last: str = "9999") -> Callable[[dict], bool]:
    return lambda row: first <= row["date"] < last


def story(rows: list[dict], feedback: list[dict]) -> dict[str, list[tuple[str, object]]]:
    """Return the numbers of each planted thread, as lines of a table."""
    return {"app": _app(rows), "courier": _courier(rows), "quiet": _quiet(rows), "visits": _visits(rows, feedback),
            "promises": _promises(rows), "calls": _calls(rows), "heat": _heat(rows), "turned": _turned(rows, feedback)}


def _app(rows: list[dict]) -> list[tuple[str, object]]:
    def broken(row: dict) -> bool:
        return blames(row, "app_stability")

    def mended(row: dict) -> bool:
        return praises(row, "app_stability")

    return [(f"complaints about the app before {APP_BREAKS}", _count(rows, broken, _from("", APP_BREAKS))),
            (f"complaints from {APP_BREAKS} to 2026-05-11", _count(rows, broken, _from(APP_BREAKS, APP_MENDED))),
            ("complaints from 2026-05-12 to 2026-05-14", _count(rows, broken, _from(APP_MENDED, "2026-05-15"))),
            ("complaints or resentful mentions from 2026-05-15 on", _count(rows, broken, _from("2026-05-15"))),
            (f"relief from {APP_MENDED} on", _count(rows, mended, _from(APP_MENDED)))]


def _courier(rows: list[dict]) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = []
    for place, here in (("Iran", True), ("all other markets", False)):
        for when, span in (("before", _from("", COURIER_CHANGES)), ("from", _from(COURIER_CHANGES))):
            said = [row for row in rows if speaks_of(row, "delivery") and (row["market"] == "IR") is here and span(row)]
            bad = sum(blames(row, "delivery") for row in said)
            good = sum(praises(row, "delivery") for row in said)
            lines.append((f"{place}, {when} {COURIER_CHANGES}: comments on delivery, of these with blame, with praise",
                          f"{len(said)}, {bad}, {good}"))
    return lines


def _quiet(rows: list[dict]) -> list[tuple[str, object]]:
    return [("comments from Jordan (JO)", _count(rows, lambda row: row["market"] == "JO")),
            ("comments with a statement of the stage awareness",
             _count(rows, lambda row: any("awareness" in said["stages"] for said in row["gold"])))]


def _visits(rows: list[dict], feedback: list[dict]) -> list[tuple[str, object]]:
    pairs = list(zip(rows, feedback, strict=True))
    found = [entry for row, entry in pairs if is_unsolved_visit(row)]
    customers = {entry["customer_id"]: entry["churned"] for entry in found}
    on_visits = [entry for row, entry in pairs if speaks_of(row, "technician_skill") and entry["rating"] is not None
                 and not is_unsolved_visit(row)]
    return [("comments that praise the visit while the fault stays", len(found)),
            ("their mean rating, of five (those out of ten halved)",
             f"{fmean(5 * entry['rating'] / entry['rating_max'] for entry in found):.2f}"),
            ("their mean likelihood to recommend, of ten", f"{fmean(entry['nps'] for entry in found):.2f}"),
            ("their customers, of these gone since", f"{len(customers)}, {sum(customers.values())}"),
            ("other rated comments that speak of a technician", len(on_visits))]


def _promises(rows: list[dict]) -> list[tuple[str, object]]:
    return [("comments that contradict “Online within 48 hours” or another promise of the advertising",
             _count(rows, lambda row: blames(row, "advertising_promise"))),
            ("comments that confirm “Every old router gets a second life”",
             _count(rows, lambda row: praises(row, "recycling"))),
            ("comments that contradict it", _count(rows, lambda row: blames(row, "recycling"))),
            ("comments on “climate-neutral network 2027”", 0)]


def _calls(rows: list[dict]) -> list[tuple[str, object]]:
    def cut(row: dict) -> bool:
        return blames(row, "call_rushed")

    def patient(row: dict) -> bool:
        return any("contact_centre" in said["touchpoints"] and said["tone"] > 0
                   and {"agent_manner", "training"} & set(said["themes"]) for said in row["gold"])

    before, after = _from("", SHORTER_CALLS), _from(SHORTER_CALLS)
    return [(f"complaints of calls cut short before {SHORTER_CALLS}", _count(rows, cut, before)),
            (f"complaints of calls cut short from {SHORTER_CALLS} on", _count(rows, cut, after)),
            (f"praise for patience or teaching on the telephone or in the chat before {SHORTER_CALLS}",
             _count(rows, patient, before)),
            (f"the same praise from {SHORTER_CALLS} on, nine and a half months", _count(rows, patient, after))]


def _heat(rows: list[dict]) -> list[tuple[str, object]]:
    hot = [row for row in rows if speaks_of(row, "device_heat")]
    staff = [row for row in hot if row["speaker"] == "employee"]
    others = [row for row in hot if row["speaker"] != "employee"]
    return [("first comment of an employee", min(row["date"] for row in staff)),
            (f"comments of employees before {HEAT_AMONG_CUSTOMERS}",
             _count(staff, _from("", HEAT_AMONG_CUSTOMERS))),
            ("first comment of a customer or a proxy", min(row["date"] for row in others)),
            ("comments of customers and proxies", len(others)),
            ("comments of employees from then on", _count(staff, _from(HEAT_AMONG_CUSTOMERS)))]


def _turned(rows: list[dict], feedback: list[dict]) -> list[tuple[str, object]]:
    episodes: dict[str, list[tuple[dict, dict]]] = {}
    for row, entry in zip(rows, feedback, strict=True):
        if row["cust"].endswith("-turn"):
            episodes.setdefault(entry["customer_id"], []).append((row, entry))
    lines: list[tuple[str, object]] = [("customers", len(episodes))]
    for customer, said in sorted(episodes.items(), key=lambda item: (item[1][0][0]["market"], item[0])):
        likely = ", ".join("–" if entry["nps"] is None else str(entry["nps"]) for _, entry in said)
        cold = next(row for row, _ in said if row["tone"] < 0)
        lines.append((f"{customer} ({said[0][0]['market']}): recommends {likely}; turned on", cold["date"]))
    return lines
