"""The measurement of the whole way and of its stages, at a size that says nothing but that they run."""

import ast
import json
import sys

import nbformat
import pandas as pd
import pytest

from benchmarks import __main__ as command
from benchmarks import end_to_end, sample, stages
from benchmarks._harness import Case, Spent


def line(name, started, seconds, cpu):
    return {"name": name, "started": started, "seconds": seconds, "cpu_seconds": cpu}


def test_the_script_of_today_is_a_notebook_whose_cells_have_names(tmp_path):
    script = end_to_end.SCRIPT.read_text(encoding="utf-8")
    end_to_end.as_notebook(script, tmp_path / "script.ipynb")
    notebook = nbformat.read(tmp_path / "script.ipynb", as_version=4)
    nbformat.validate(notebook)
    names = [cell["metadata"]["name"] for cell in notebook["cells"]]
    assert names == ["read", "embed", "topics", "over time", "by market", "scores", "quotes"]
    for cell in notebook["cells"]:
        ast.parse(cell["source"])
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"]["papermill"] = {"duration": 1.5 * number}
    nbformat.write(notebook, tmp_path / "executed.ipynb")
    assert end_to_end.cells_of(tmp_path / "executed.ipynb")["topics"] == 3.0
    assert end_to_end.cells_of(tmp_path / "none.ipynb") == {}


def test_what_no_stage_takes_is_told_as_the_rest():
    lines = [line("themes", 0, 3.0, 4.0), line("tone", 3, 1.0, 1.0)]
    table = end_to_end.shares(lines, Spent(wall=10.0, cpu=10.0, largest=1, together=1))
    assert table.loc["themes"].tolist() == ["3.0", "4.0", "40%"]
    assert table.loc["start, keys, render"].tolist() == ["6.0", "5.0", "50%"]


def test_parts_belong_to_the_stage_they_began_in_and_memory_is_what_was_seen_then():
    lines = [line("- neighbours", 11, 1, 1.5), line("themes", 10, 5, 6), line("- neighbours", 16, 1, 1),
             line("- neighbours", 17.5, 1, 1), line("quality", 15, 5, 5)]
    samples = ((9.0, 100.0), (12.0, 300.0), (14.0, 200.0), (16.0, 250.0), (19.0, 150.0))
    whole = Spent(wall=12, cpu=13, largest=300, together=300, samples=samples)
    costs = stages.stage_costs(lines, whole, Spent(wall=2, cpu=3, largest=90, together=120))
    found = {cost.name: (cost.wall, cost.cpu, cost.megabytes) for cost in costs}
    assert found == {
        "themes": (5, 6, 300), "themes - neighbours": (1, 1.5, 300), "quality": (5, 5, 250),
        "quality - neighbours": (2, 2, 250), stages.REST: (2, 2, 300), stages.RENDER: (2, 3, 120),
        stages.WHOLE: (14, 16, 300),
    }


def test_growth_is_told_for_what_was_measured_at_two_sizes():
    costs = {100: [stages.Cost("themes", 1, 1, 100)],
             1000: [stages.Cost("themes", 9, 10, 200), stages.Cost("tone", 1, 1, 10)]}
    table = stages.growth_table(costs)
    assert table.loc["themes"].tolist() == ["1.00", "0.30", 2]
    assert list(table.index) == ["themes"]


def test_every_part_that_is_to_be_timed_is_there():
    code = ("from benchmarks._stage_run import watch_parts; import workbench.stages, workbench.themes; "
            "gone = watch_parts(); assert gone == [], gone; "
            "assert hasattr(workbench.themes.communities.communities, '__wrapped__')")
    stages.measure(Case("parts", [[sys.executable, "-W", "ignore", "-c", code]]))


def test_a_case_that_was_stopped_does_not_enter_growth():
    def spent(cpu, finished=True):
        return [Spent(wall=1, cpu=cpu, largest=1, together=1, finished=finished)]

    measured = {10: {"ours": spent(1), "theirs": spent(5)}, 1000: {"ours": spent(100)},
                100: {"ours": spent(10), "theirs": spent(6, finished=False)}}
    assert end_to_end.exponent_of("ours", measured) == pytest.approx(1)
    assert end_to_end.exponent_of("theirs", measured) is None


@pytest.mark.slow
def test_a_tiny_end_to_end_run_measures_every_case(tmp_path, monkeypatch):
    def stub(folder, comments):
        return Case(end_to_end.THEIRS, [[sys.executable, "-S", "-c", "import time; time.sleep(0.1)"]],
                    before=lambda: (folder.mkdir(), (folder / "topics.txt").write_text(f"{len(comments)}")))

    monkeypatch.setattr(end_to_end, "theirs", stub)
    monkeypatch.setattr(end_to_end, "find_spec", lambda name: True)
    file = tmp_path / "figures.json"
    assert command.main(["end_to_end", "--rows", "60", "--repeats", "1", "--json", str(file)]) == 0
    measured = json.loads(file.read_text(encoding="utf-8"))["measurements"]["end_to_end"]
    (size,) = measured["figures"]["sizes"].values()
    assert list(size["runs"]) == [end_to_end.COLD, end_to_end.CACHED, end_to_end.PAGE_ANEW, end_to_end.REFIT,
                                  end_to_end.ASSIGNED, end_to_end.ALONE, end_to_end.THEIRS]
    assert all(run["finished"] and run["cpu_seconds"] > 0 for runs in size["runs"].values() for run in runs)
    stages_of = {case: [row["stage"] for row in rows] for case, rows in size["stages"].items()}
    assert {"feedback", "language", "embedding", "themes"} < set(stages_of[end_to_end.COLD])
    assert stages_of[end_to_end.CACHED] == stages_of[end_to_end.PAGE_ANEW] == ["start, keys, render"]
    assert size["synthetic"]
    assert "SYNTHETIC" in measured["printed"]
    assert "a synthetic stand-in takes their place" in measured["printed"]
    dearer = (end_to_end.CACHED, end_to_end.PAGE_ANEW, end_to_end.COLD)
    spent = [size["runs"][case][0]["cpu_seconds"] for case in dearer]
    assert spent == sorted(spent)


@pytest.mark.slow
def test_only_the_cases_that_are_named_are_measured_and_the_first(capsys):
    assert command.main(["end_to_end", "--rows", "40", "--repeats", "1", "--cases", "assigned"]) == 0
    printed = capsys.readouterr().out
    assert [f"| {case} |" in printed for case in end_to_end.CASES.values()] == [True, *[False] * 3, True, False, False]
    assert f"{end_to_end.ASSIGNED} : {end_to_end.COLD} = " in printed


def test_a_case_that_there_is_not_is_told_before_anything_is_measured():
    with pytest.raises(SystemExit, match="--cases: there is no warm; there are cold, again, anew,"):
        command.main(["end_to_end", "--cases", "cold,warm"])


@pytest.mark.slow
def test_a_tiny_run_of_the_stages_prints_what_bounds_them(monkeypatch, capsys):
    monkeypatch.setattr(stages, "bounds", lambda: dict.fromkeys(("read_bytes", "copied_bytes", "multiply_adds"), 1e9))
    figures = stages.run(None, rows=[60])
    names = [row["stage"] for row in figures["sizes"]["60"]["stages"]]
    assert {"feedback", "themes", "themes - neighbours", stages.RENDER, stages.WHOLE} <= set(names)
    told = capsys.readouterr().out
    assert "of token vectors fetched" in told
    assert "SYNTHETIC" in told


def test_the_sample_tells_how_many_themes_are_unstable_and_how_much_is_negative(small_analysis):
    counted = small_analysis.profile.loc[small_analysis.profile["is_counted"], "feedback_id"].head(4).tolist()
    gold = pd.DataFrame({"feedback_id": [*counted, counted[0], "nobody"], "tone": [-2, 0, 1, 2, 1, -1]})
    themes = small_analysis.themes.query("theme_id >= 0")
    told = sample.told_doubt(small_analysis, gold)
    assert f"below one half for {(themes['stability'] < 0.5).sum()} of {len(themes)} themes" in told
    assert "people coded 12% of 4 comments so" in told
