"""Tests of which findings stand on a report's first page."""

import pandas as pd
import pytest

from workbench.report.sections.headline import _mixed


@pytest.mark.parametrize(("kinds", "ranks"), [
    ("s s s s s s s s", [1, 2, 3, 4, 5, 6, 7]),
    ("s s s s s s u t t", [1, 2, 3, 4, 7, 8, 9]),
    ("u s s t", [1, 2, 3, 4]),
    ("", []),
])
def test_no_kind_has_more_than_three_of_the_first_findings_while_there_are_others(kinds, ranks):
    table = pd.DataFrame({"kind": pd.Series(kinds.split(), dtype=object), "rank": range(1, len(kinds.split()) + 1)})
    assert _mixed(table)["rank"].tolist() == ranks
