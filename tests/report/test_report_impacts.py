import pandas as pd

from workbench.charts import impact_points


def test_every_theme_is_named_once_and_has_a_point_for_each_way():
    table = pd.DataFrame({"name": ["late", "قیمت"] * 2, "way": ["alone"] * 2 + ["adjusted"] * 2,
                          "value": [-3.0, 1.0, -2.0, None], "low": [-5.0, 0.0, -3.0, None],
                          "high": [-1.0, 2.0, -1.0, None]})
    spec = impact_points(table, axis_title="NPS", language="en", ways=["alone", "adjusted"]).to_dict()
    names = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "text")
    rows = spec["datasets"][names["data"]["name"]]
    assert [row["name"].strip("\u2068\u2069") for row in rows] == ["late", "قیمت"]
    assert "transform" not in names
