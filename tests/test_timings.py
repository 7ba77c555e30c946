import shutil

from workbench.analysis import analyse
from workbench.timings import VARIABLE, cpu_seconds, read_timings, timed


def test_each_stage_of_an_analysis_writes_one_line(small_study, tmp_path, monkeypatch):
    copy = shutil.copytree(small_study.parent, tmp_path / "copy") / "study.yaml"
    analysis = analyse(copy, progress=False)
    shutil.rmtree(analysis.folder)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "timings.jsonl"))
    again = analyse(copy, progress=False)
    lines = read_timings(tmp_path / "timings.jsonl")
    assert [line["name"] for line in lines] == [name for name in again.facts if name != "cut"]
    assert all(line["seconds"] >= 0 and line["cpu_seconds"] >= 0 for line in lines)
    assert [line["started"] for line in lines] == sorted(line["started"] for line in lines)
    assert again.key == analysis.key
    assert again.facts == analysis.facts


def test_nothing_is_written_where_nobody_asks(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    with timed("language"):
        pass
    assert list(tmp_path.iterdir()) == []
    assert read_timings(tmp_path / "none.jsonl") == []


def test_a_block_tells_the_processor_time_that_it_took(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "timings.jsonl"))
    with timed("work"):
        until = cpu_seconds() + 0.1
        while cpu_seconds() < until:
            pass
    (line,) = read_timings(tmp_path / "timings.jsonl")
    assert line["name"] == "work"
    assert line["seconds"] > 0
    assert line["cpu_seconds"] >= 0.09
