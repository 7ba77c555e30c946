"""The numbers beside the words: scores that agree with the tone, and money that agrees with the customer."""

from __future__ import annotations

import math
from statistics import fmean

from draws import digits, normal, pick, share, whole

# how likely to recommend, stars out of five and effort, by tone; a value that stands twice is drawn twice as often
NPS = {-2: (0, 0, 0, 1, 1, 2, 2, 3, 3, 4), -1: (2, 3, 3, 4, 4, 5, 5, 6), 0: (5, 6, 6, 7, 7, 7, 8),
       1: (8, 8, 9, 9, 9, 10), 2: (9, 10, 10)}
RATING = {-2: (1, 1, 1, 2), -1: (2, 2, 2, 3), 0: (3, 3, 4), 1: (4, 4, 5), 2: (5,)}
EFFORT = {-2: (6, 7, 7), -1: (4, 5, 5, 6), 0: (3, 4, 4, 5), 1: (1, 2, 2, 3), 2: (1, 1, 2)}
CHURN = {-2: 0.38, -1: 0.22, 0: 0.12, 1: 0.06, 2: 0.03}
OUT_OF_TEN = ("TR", "NL")  # review pages there have ten stars

# euro a year
YEARLY = {"GB": 430, "IE": 460, "DE": 420, "AT": 400, "NL": 450, "FR": 380, "ES": 350, "IT": 330, "PT": 340, "TR": 150,
          "EG": 95, "SA": 520, "AE": 780, "JO": 290, "IR": 110, "IN": 90, "CN": 140, "JP": 410, "KZ": 120}
OF_SEGMENT = {"single": 0.9, "family": 1.2, "student": 0.7, "senior": 0.85, "business": 3.4}


def scores(row: dict) -> dict[str, int | None]:
    """Return nps, rating, rating_max and effort of one comment; nothing where that kind of source asks for none."""
    owner, tone = row.get("dup_of") or row["key"], row["tone"]
    empty: dict[str, int | None] = {"nps": None, "rating": None, "rating_max": None, "effort": None}
    if row["speaker"] != "customer":
        return empty
    asked = row["question"]
    nps = pick(NPS[tone], "nps", owner) if asked in ("q1", "q2") and share("answered", owner) < 0.94 else None
    rating = pick(RATING[tone], "rating", owner) if asked == "q3" or row["source"] == "review" else None
    contact = row["source"] in ("call", "ticket", "chat")
    effort = pick(EFFORT[tone], "effort", owner) if contact and share("effort asked", owner) < 0.6 else None
    nps = nps if row["nps_hint"] is None else row["nps_hint"]
    rating = rating if row["rating_hint"] is None else row["rating_hint"]
    ten = row["source"] == "review" and row["market"] in OUT_OF_TEN
    if ten and rating is not None:
        rating = 2 * rating - (1 if rating in (2, 3, 4) and share("ten", owner) < 0.4 else 0)
    return {"nps": nps, "rating": rating, "rating_max": None if rating is None else 10 if ten else 5, "effort": effort}


def customer_names(rows: list[dict]) -> dict[str, str]:
    """Return who wrote each comment: key -> the writer's handle, or the key of the first of two near-duplicates."""
    first = {row["key"]: row for row in rows}

    def who(row: dict) -> str:
        return row["cust"] or (who(first[row["dup_of"]]) if row.get("dup_of") else row["key"])

    return {row["key"]: who(row) for row in rows if row["speaker"] == "customer"}


def customers(rows: list[dict]) -> dict[str, dict]:
    """Return customer_id, account_id, revenue, cost and churned for each writer."""
    writer = customer_names(rows)
    comments: dict[str, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row["date"], row["key"])):
        if row["key"] in writer:
            comments.setdefault(writer[row["key"]], []).append(row)
    ids = _customer_ids(sorted(comments))
    accounts = _accounts({name: said[0] for name, said in comments.items() if said[0]["segment"] == "business"})
    return {name: {"customer_id": ids[name], "account_id": accounts.get(name, ""), **_money(name, said),
                   "churned": _churned(name, said)} for name, said in comments.items()}


def _customer_ids(names: list[str]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for name in names:
        attempt = 0
        while (number := f"C{digits(6, 'customer', name, attempt)}") in taken:
            attempt += 1
        taken[number] = name
    return {name: number for number, name in taken.items()}


def _accounts(business: dict[str, dict]) -> dict[str, str]:
    """Let one to four business customers of a market share an account."""
    accounts: dict[str, str] = {}
    for market in sorted({row["market"] for row in business.values()}):
        waiting = sorted((share("account", name), name) for name, row in business.items() if row["market"] == market)
        number = 0
        while waiting:
            size = pick((1, 1, 1, 2, 2, 3, 4), "account size", market, number)
            number += 1
            for _, name in waiting[:size]:
                accounts[name] = f"A-{market}-{number:03d}"
            waiting = waiting[size:]
    return accounts


def _money(name: str, said: list[dict]) -> dict[str, int]:
    row = said[-1]
    middle = YEARLY[row["market"]] * OF_SEGMENT[row["segment"]]
    revenue = middle * math.exp(normal(0, 0.35 if row["segment"] != "business" else 0.6, "revenue", name))
    trouble = sum(max(0, -comment["tone"]) for comment in said)
    cost = revenue * (0.42 + 0.2 * share("cost", name)) + YEARLY[row["market"]] * 0.05 * trouble
    return {"revenue": round(revenue), "cost": round(cost)}


def _churned(name: str, said: list[dict]) -> bool:
    if name.endswith("-turn"):
        return True
    chance = CHURN[round(fmean(comment["tone"] for comment in said))]
    if any(is_unsolved_visit(comment) for comment in said):
        chance = 0.6
    return share("churned", name) < chance


def is_unsolved_visit(row: dict) -> bool:
    """Say whether the visit was liked while the fault stayed: high stars, low recommendation."""
    return (row["rating_hint"] or 0) >= 4 and row["nps_hint"] is not None and row["nps_hint"] <= 5


def minute_of_day(row: dict) -> int:
    """Return when in the day it came in: calls and staff by day, the rest until late."""
    office = row["source"] in ("call", "interview") or row["speaker"] != "customer"
    return whole(8 * 60, 18 * 60, "minute", row["key"]) if office else whole(7 * 60, 23 * 60 + 29, "minute", row["key"])
