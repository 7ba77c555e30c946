"""Still pictures are drawn once, and the charts of a page are valid."""

import os
import subprocess
import sys

import pytest

from workbench.charts import stills
from workbench.charts.display import FIGURE_MIME, label, specification
from workbench.charts.stills import still_picture
from workbench.report.export import figures_of
from workbench.report.page import Page


def spec(theme):
    return {"data": {"values": [{"theme": theme}]}, "mark": "bar", "encoding": {"y": {"field": "theme"}}}


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, in place of drawing it."""
    told = []
    monkeypatch.setattr(stills, "_draw", lambda still: told.append(still) or f"<svg>{still['data']['values']}</svg>")
    return told


def test_a_picture_is_drawn_once_and_each_chart_has_its_own(drawn, tmp_path):
    kept = tmp_path / "stills"
    first = [still_picture(spec(theme), kept) for theme in ("قیمت", "late")]
    assert [still_picture(spec(theme), kept) for theme in ("قیمت", "late")] == first
    assert len(drawn) == len(set(first)) == len(list(kept.iterdir())) == 2


def test_other_tools_draw_again(drawn, tmp_path, monkeypatch):
    still_picture(spec("late"), tmp_path)
    monkeypatch.setattr(stills, "_tools", lambda: "another version")
    still_picture(spec("late"), tmp_path)
    assert len(drawn) == 2


@pytest.mark.parametrize("sign", ["\x00", "\x1b[31m", "\x0c", "\ufffe", "\ud800"])
def test_signs_that_no_picture_can_hold_end_no_process(sign):
    drawn = subprocess.run([sys.executable, "-c", "import sys; from workbench.charts.stills import still_picture\n"
                            f"sys.stdout.write(still_picture({spec(f'late{sign}')!r}))"],
                           capture_output=True, encoding="utf-8", check=True).stdout
    assert ">late" in drawn
    assert label(f"a{sign[0]}b") == label("a b" if sign.isspace() else "ab")


@pytest.mark.parametrize("left", [b"", b"<svg><g>", b"<svg>\xff</svg>", b"text</svg>"])
def test_a_broken_picture_is_drawn_again(drawn, tmp_path, left):
    whole = still_picture(spec("late"), tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(left)
    assert still_picture(spec("late"), tmp_path) == whole == file.read_text(encoding="utf-8")


def test_a_picture_is_drawn_where_it_cannot_be_kept(drawn, tmp_path):
    (tmp_path / "file").write_text("no folder")
    for kept in (None, tmp_path / "file" / "stills", tmp_path / "gone" / "stills"):
        assert still_picture(spec("late"), kept).startswith("<svg>")
    assert len(drawn) == 3
    assert os.listdir(tmp_path) == ["file"]


def test_a_page_keeps_the_pictures_with_the_analysis(small_analysis, monkeypatch):
    def shown():
        return Page(small_analysis, "fa").who_spoke("market")._repr_mimebundle_()[FIGURE_MIME]["still"]

    first = shown()
    monkeypatch.setattr(stills, "_draw", lambda still: pytest.fail("drawn twice"))
    assert shown() == first
    assert first in [file.read_text(encoding="utf-8") for file in (small_analysis.folder / "stills").iterdir()]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_chart_of_a_page_is_valid(small_analysis, language):
    """Pages do not check their charts while they are rendered."""
    figures = figures_of(Page(small_analysis, language))
    assert len(figures) > 8
    for figure in figures.values():
        specification(figure.chart)
