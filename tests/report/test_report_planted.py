"""A study with a rare market, a rare language and rare themes by stage: nothing shown tells how rare they are."""

import base64
import inspect
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.charts import Figure
from workbench.charts.map import PointMap
from workbench.report.export import KEYS, shown_tables
from workbench.report.page import Page

pytestmark = pytest.mark.slow
RARE = {"JO": ["a courier took my parcel somewhere else", "every evening this line gets slow", "he billed us twice"],
        "TR": ["faturada yine hata var", "internet bu hafta çok yavaş"],
        "GB": ["they owe me a refund for the broken router", "support hung up on me after an hour"]}
DIMENSIONS = ("language", "market", "channel", "segment", "source")
COUNTS = re.compile(r"comment_count|n|score_n|statement_count|customer_count")


@pytest.fixture(scope="module")
def planted(make_small_study, tmp_path_factory):
    from workbench.analysis import analyse

    study = make_small_study(tmp_path_factory.mktemp("planted"))
    rare = [{"feedback_id": f"{market}{number}", "text": text, "created_at": f"2026-02-1{number}",
             "market": market, "nps": number, "customer_id": f"k{market}{number}"}
            for market, texts in RARE.items() for number, text in enumerate(texts)]
    comments = pd.read_csv(study.parent / "comments.csv")
    pd.concat([comments, pd.DataFrame(rare)]).to_csv(study.parent / "comments.csv", index=False)
    analysis = analyse(study, progress=False)
    assert analysis.facts["insights"]["counted"] == 53  # a prime, so that a share tells its count
    return analysis


@pytest.fixture(scope="module")
def shown(planted):
    """Return everything that a page can show of the study: each part with what it hands to the browser."""
    page, found = Page(planted), {}
    for name, method in inspect.getmembers(page, inspect.ismethod):
        needed = [each for each in inspect.signature(method).parameters.values() if each.default is each.empty]
        if name.startswith("_") or name == "save_summary":
            continue
        for given in DIMENSIONS if [each.name for each in needed] == ["dimension"] else [None] * (not needed):
            part = method(given) if given else method()
            bundle = part._repr_mimebundle_()
            bundle = bundle[0] if isinstance(bundle, tuple) else bundle
            found[f"{name} {given or ''}".strip()] = (part, json.dumps(bundle, ensure_ascii=False, default=str))
    return found


SHARES = [repr(count / 53)[:9] for count in range(1, 5)]


def test_no_share_of_all_comments_is_that_of_a_small_cell(shown, planted):
    assert {name: share for name, (_, text) in shown.items() for share in SHARES if share in text} == {}
    settings = planted.study.insights.model_copy(update={"minimum_cell": 1})
    told = Page(replace(planted, study=planted.study.model_copy(update={"insights": settings}))).who_spoke("market")
    assert SHARES[2] in json.dumps(told._repr_mimebundle_(), default=str)  # so the search finds what is not hidden


def test_no_table_of_a_page_holds_a_small_count(shown, planted):
    m = Page(planted).messages
    tables = {name: part.table for name, (part, _) in shown.items() if isinstance(part, Figure)}
    assert len(tables) > 5
    small = {m.number(count) for count in range(1, 5)}
    heads = {m("words.comments"), m("words.statements"), m("words.answers"), m("paths.customers")}
    found = {name: column for name, table in tables.items() for column in heads & set(table)
             if small & set(table[column])}
    assert found == {}
    assert m("words.hidden") in set(tables["who_spoke market"][m("words.comments")])


def test_no_point_of_the_map_stands_in_a_small_cell(shown):
    part = shown["statement_map"][0]
    assert isinstance(part, PointMap)
    data = part.payload()
    codes = {each["title"]: np.frombuffer(base64.b64decode(each["codes"]), "<u2" if each["wide"] else "u1")
             for each in data["colourings"]}
    names = {each["title"]: each["names"] for each in data["colourings"]}
    theme, *others = codes
    for other in others:
        counts = pd.crosstab(codes[theme], codes[other])
        few = [(names[theme][row], names[other][column]) for (row, column), count in counts.stack().items()
               if 0 < count < 5 and "too few" not in (names[theme][row], names[other][column])]
        assert few == []


def test_no_row_of_an_export_holds_a_small_count(planted):
    tables = shown_tables(planted)
    found = {}
    for name, table in tables.items():
        counts = [column for column in table if COUNTS.fullmatch(str(column)) and column not in KEYS]
        if name not in ("tone_errors", "tone_score_errors", "evidence_reasons", "money_notes"):
            small = [column for column in counts if pd.to_numeric(table[column]).between(1, 4).any()]
            found |= {name: small} if small else {}
    assert found == {}
    rest = tables["coverage"].query("dimension == 'market'")
    assert rest.loc[rest["comment_count"].isna(), "value"].tolist()[-2:] == ["JO", "TR"]
    unassigned = tables["parity"].query("measure == 'unassigned'").dropna(subset=["n"])
    without = (unassigned["n"].astype(float) * unassigned["value"].astype(float)).round()
    assert not without.between(1, 4).any()
