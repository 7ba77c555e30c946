"""What a public function is given by mistake is told with its name and what is expected."""

import importlib
import inspect

import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.feedback import find_personal_data, redact, write_csv, write_xlsx
from workbench.insights import score_by, share_by_period

TAKES_TABLES = sorted(
    (package, name)
    for package in ("feedback", "insights", "themes")
    for name in importlib.import_module(f"workbench.{package}").__all__
    if inspect.isfunction(found := getattr(importlib.import_module(f"workbench.{package}"), name))
    and any(parameter.default is parameter.empty and parameter.annotation in ("pd.DataFrame", "pd.Series")
            for parameter in inspect.signature(found).parameters.values()))


@pytest.mark.parametrize(("package", "name"), TAKES_TABLES)
@pytest.mark.parametrize("wrong", [3, None, "comments.csv", [1, 2]])
def test_what_is_no_table_is_told(package, name, wrong):
    function = getattr(importlib.import_module(f"workbench.{package}"), name)
    required = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    with pytest.raises(InputError, match=r"^\w+: expected .+ found \w+"):
        function(**{each.name: wrong for each in required})


@pytest.mark.parametrize("wrong", [3, None, ["a"], {}])
def test_what_is_no_text_is_told(wrong):
    for function in (redact, find_personal_data):
        with pytest.raises(InputError, match=f"^text: expected a text, found {type(wrong).__name__}"):
            function(wrong)


def test_what_is_to_be_written_and_where_is_told(tmp_path):
    table = pd.DataFrame({"text": ["good"]})
    with pytest.raises(InputError, match=r"^path: expected a path, found int"):
        write_csv(table, 3)
    with pytest.raises(InputError, match=r"^path: expected a path, found int"):
        write_xlsx({"a": table}, 3)
    with pytest.raises(InputError, match=r"^tables: expected a mapping"):
        write_xlsx(table.to_numpy(), tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=r"^quotes: expected a table \(pandas\.DataFrame\), found list"):
        write_xlsx({"quotes": [1]}, tmp_path / "a.xlsx")


def test_a_column_or_a_period_that_there_is_not_is_told_with_those_that_there_are():
    comments = pd.DataFrame({"feedback_id": ["a"], "created_at": pd.to_datetime(["2026-01-01"]), "market": "DE"})
    with pytest.raises(InputError, match=r"^column: expected one of .+, market, found 'markt' \(did you mean 'market'"):
        score_by(comments, "markt")
    with pytest.raises(InputError, match=r"^period: expected one of week, month, quarter, found 'day'"):
        share_by_period(comments, pd.DataFrame({"feedback_id": ["a"], "theme_id": 0}), "day")
