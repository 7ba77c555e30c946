"""What a public function is given by mistake is told with its name and what is expected."""

import importlib
import inspect
from functools import partial

import pandas as pd
import pytest

from workbench.charts import (
    Figure,
    configure,
    impact_points,
    interval_bars,
    journey_map,
    score_points,
    share_grid,
    share_line,
)
from workbench.embedding import embed, embed_statements, list_caches, load_encoder, prune_caches
from workbench.errors import InputError
from workbench.feedback import find_personal_data, redact, write_csv, write_xlsx
from workbench.insights import score_by, share_by_period, states_leaving
from workbench.journey import check_codes, load_journey_model, map_journey, read_codes
from workbench.language import (
    count_terms,
    counting_key,
    direction_of,
    drop_boilerplate,
    embedding_text,
    identify_languages,
    is_boilerplate,
    isolate,
    load_glossary,
    profile_comments,
    says_nothing,
    script_of,
    split_statements,
    stop_words,
    strip_controls,
    to_digits,
    tokenise,
)
from workbench.scale import join_tables, open_executor

SPLIT = split_statements(pd.DataFrame({"feedback_id": ["a", "b"], "text": ["the bill is late", "خیلی دیر رسید"]}))
TAKES_TABLES = sorted(
    (package, name)
    for package in ("charts", "embedding", "feedback", "insights", "journey", "language", "scale", "themes")
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


@pytest.mark.parametrize("wrong", [3, None, ["a"], pd.Series(["a"])])
def test_what_is_no_text_is_told(wrong):
    for function in (redact, find_personal_data, direction_of, isolate, strip_controls, is_boilerplate, embedding_text,
                     partial(to_digits, language="fa"), partial(tokenise, language="en"),
                     partial(count_terms, language="en")):
        with pytest.raises(InputError, match=f"^text: expected a text, found {type(wrong).__name__}"):
            function(wrong)


@pytest.mark.parametrize("wrong", [3, None, ["a"], {"a": 1}, pd.Series(["a"]), pd.DataFrame()])
@pytest.mark.parametrize("function", [
    script_of, says_nothing, stop_words, partial(counting_key, language="en"), partial(counting_key, "late"),
    partial(tokenise, "late"), partial(to_digits, "late"), partial(states_leaving, "late"),
    partial(states_leaving, language="en")])
def test_what_is_no_text_is_told_by_functions_that_remember_their_answers(function, wrong):
    with pytest.raises(InputError, match=rf"^\w+: expected a text, found {type(wrong).__name__}"):
        function(wrong)


@pytest.mark.parametrize("function", [identify_languages, embed])
def test_a_table_or_a_single_text_is_no_list_of_texts(function):
    for wrong in ("late", 3, pd.DataFrame({"text": ["late"]})):
        with pytest.raises(InputError, match=r"list or a column"):
            function(wrong)
    with pytest.raises(InputError, match=r"number 2 .*is of the type int"):
        function(["late", 3])


def test_names_are_a_list():
    statements = pd.DataFrame({"text": ["Acme was late"], "language": ["en"]})
    with pytest.raises(InputError, match=r"^names: expected a list or a column of texts, found str"):
        embed_statements(statements, names="Acme")


@pytest.mark.parametrize(("function", "table"), [
    (partial(embed_statements), "statements"), (drop_boilerplate, "statements"),
    (partial(profile_comments, statements=pd.DataFrame()), "comments"),
    (partial(interval_bars, axis_title="", language="en"), "table"),
    (partial(share_grid, legend_title="", language="en", columns=[], rows=[]), "table"),
    (partial(share_line, axis_title="", language="en"), "table"),
    (partial(impact_points, axis_title="", language="en", ways=[]), "table"),
    (partial(score_points, axis_title="", language="en", everybody=0), "table")])
def test_a_column_that_is_missing_is_named(function, table):
    with pytest.raises(InputError, match=rf"^the {table} table lacks .+; it has nothing_of_use\."):
        function(pd.DataFrame({"nothing_of_use": [1]}))


def test_codes_are_read_from_a_file_for_a_model(tmp_path):
    (tmp_path / "codes.csv").write_text("feedback_id,stage_id\na,use\n", encoding="utf-8")
    for function in (check_codes, partial(read_codes, statements=SPLIT)):
        with pytest.raises(InputError, match=r"^file: expected a path, found int"):
            function(3, model=load_journey_model())
        with pytest.raises(InputError, match=r"^model: expected a journey model, .+ found str"):
            function(tmp_path / "codes.csv", model="seven_stages")
    with pytest.raises(InputError, match=r"^the statements table lacks statement_id"):
        read_codes(tmp_path / "codes.csv", pd.DataFrame({"text": ["late"]}), load_journey_model())


@pytest.mark.parametrize(("given", "message"), [
    ({"themes": 3}, "themes.assignments: expected a table"), ({"comments": 3}, "comments: expected a table"),
    ({"codes": pd.DataFrame({"stage_id": ["use"]})}, "the codes table lacks statement_id"),
    ({"counted": [True]}, "counted: expected a column"), ({"clusters": 3}, "clusters: expected a column")])
def test_what_a_journey_is_mapped_with_is_checked(given, message):
    with pytest.raises(InputError, match=f"^{message}"):
        map_journey(SPLIT, embed(SPLIT["text"]), **given)


def test_what_is_no_chart_is_told():
    for function in (partial(configure, language="en"), partial(Figure, description="Late.", table=None)):
        with pytest.raises(InputError, match=r"^chart: expected an Altair chart, found str"):
            function("bars.png")
    with pytest.raises(InputError, match=r"^stages: expected a list of MapStage, found int"):
        journey_map([3], title="", description="", themes_title="", numbers_title="", numbers="", language="en")
    with pytest.raises(InputError, match=r"^period: expected one of week, month, quarter, found 'day'"):
        share_line(pd.DataFrame(columns=["period", "share", "low", "high", "is_partial"]), axis_title="", language="en",
                   period="day")


@pytest.mark.parametrize(("function", "message"), [
    (partial(open_executor, 3), "cluster: expected the address"), (partial(join_tables, []), "parts: expected a list"),
    (partial(join_tables, [3]), "part 1: expected a table"), (partial(load_encoder, 3), "name: expected a text"),
    (partial(list_caches, 3), "folder: expected a path"), (partial(prune_caches, "a", "b"), "keep: expected a list"),
    (partial(load_glossary, "a.csv", "en"), "languages: expected a list")])
def test_other_wrong_arguments_are_told(function, message):
    with pytest.raises(InputError, match=f"^{message}"):
        function()


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
