import re

import pandas as pd
import pytest

from workbench.charts import impact_points
from workbench.charts.display import specification
from workbench.charts.grids import share_grid
from workbench.charts.look import RAMP, rtl_layout


def test_every_theme_is_named_once_and_has_a_point_for_each_way():
    table = pd.DataFrame({"name": ["late", "قیمت"] * 2, "way": ["alone"] * 2 + ["adjusted"] * 2,
                          "value": [-3.0, 1.0, -2.0, None], "low": [-5.0, 0.0, -3.0, None],
                          "high": [-1.0, 2.0, -1.0, None]})
    spec = impact_points(table, axis_title="NPS", language="en", ways=["alone", "adjusted"]).to_dict()
    names = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "text")
    rows = spec["datasets"][names["data"]["name"]]
    assert [row["name"].strip("\u2068\u2069") for row in rows] == ["late", "قیمت"]
    assert "transform" not in names


def colours(chart):
    """The channels of a drawn chart that a legend explains."""
    found = [layer["encoding"].get("color", {}) for layer in specification(chart)["layer"]]
    return [colour for colour in found if "field" in colour]


@pytest.mark.parametrize(("language", "is_rtl"), [("en", False), ("de", False), ("ar", True), ("fa", True)])
def test_a_legend_of_two_colours_runs_as_the_language_does(language, is_rtl):
    table = pd.DataFrame({"name": ["late"] * 2, "way": ["alone", "adjusted"], "value": [-3.0, -2.0],
                          "low": [-5.0, -3.0], "high": [-1.0, -1.0]})
    drawn = colours(impact_points(table, axis_title="NPS", language=language, ways=["alone", "adjusted"]))
    assert len(drawn) == 2
    for colour in drawn:
        assert colour["scale"]["domain"] == ["alone", "adjusted"]  # each keeps its colour
        assert colour["legend"]["columns"] == 1  # two names beside each other are wider than a phone
        labels = colour["legend"].get("encoding", {}).get("labels", {})
        assert labels.get("align") == ({"value": "right"} if is_rtl else None)


@pytest.mark.parametrize(("columns", "values"), [(1, [*"abc"]), (2, [*"bac"]), (3, [*"cba"]), (None, [*"bac"])])
def test_each_row_of_a_legend_runs_from_right_to_left(columns, values):
    color = {"field": "way", "type": "nominal", "scale": {"domain": [*"abc"]}}
    color |= {} if columns is None else {"legend": {"columns": columns}}
    drawn = rtl_layout({"encoding": {"color": color}, "config": {"scale": {"xReverse": True}}})
    assert drawn["encoding"]["color"]["legend"]["values"] == values


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_a_legend_of_shades_begins_where_the_language_begins(language):
    table = pd.DataFrame({"row": ["Delivery"], "column": ["use"], "share": [0.4], "text": ["40%"]})
    [colour] = colours(share_grid(table, legend_title="Share", language=language, columns=["use"], rows=["Delivery"]))
    steps = [(0, RAMP[0]), (0.4, RAMP[-1])]
    ends = list(zip(colour["scale"]["domain"], colour["scale"]["range"][::len(RAMP) - 1], strict=True))
    assert ends == (steps if language == "en" else steps[::-1])
    assert colour["legend"].get("titleAnchor") == (None if language == "en" else "end")


def test_the_title_of_a_legend_is_not_cut_off():
    from workbench.charts.stills import still_picture

    table = pd.DataFrame({"row": ["Delivery"], "column": ["use"], "share": [0.4], "text": ["40%"]})
    title = "Share of all the comments that speak of the theme"
    chart = share_grid(table, legend_title=title, language="en", columns=["use"], rows=["Delivery"])
    drawn = re.findall(r">([^<>\s][^<>]*)<", still_picture(chart.to_dict()))
    assert title in " ".join(drawn)


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_a_legend_from_right_to_left_is_drawn_with_its_names_left_of_their_signs(language):
    from workbench.charts.stills import still_picture

    table = pd.DataFrame({"name": ["late"] * 2, "way": ["alone", "adjusted"], "value": [-3.0, -2.0],
                          "low": [-5.0, -3.0], "high": [-1.0, -1.0]})
    picture = still_picture(specification(impact_points(
        table, axis_title="NPS", language=language, ways=["alone", "adjusted"])))
    entries = re.findall(r'<text text-anchor="(\w+)" transform="translate\((-?[\d.]+),[^>]*>(alone|adjusted)<', picture)
    assert [(anchor, float(x) < 0, name) for anchor, x, name in entries] == [
        ("end", True, "alone"), ("end", True, "adjusted")]
