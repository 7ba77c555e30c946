"""What a case costs is measured as it is: time, processor, memory, children; and figures are kept whole."""

import doctest
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from patience import is_running, wait_until

from benchmarks import __main__ as command
from benchmarks import _harness, _sources, insights, themes, tone
from benchmarks._harness import (
    Case,
    CaseError,
    Spent,
    as_figures,
    compare,
    cost_table,
    growth,
    markdown,
    measure,
    ratio,
    told_ratio,
    write_json,
)
from benchmarks._machine import machine, versions
from benchmarks._sources import missing, there

ROOT = Path(__file__).parent.parent.parent
HUNDRED = "block = bytearray(100_000_000); block[::4096] = b'x' * len(block[::4096]); "


@pytest.mark.parametrize("module", [_harness, _sources])
def test_examples_of_the_harness_run(module):
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0


def python(code, **settings):
    return Case("case", [[sys.executable, "-S", "-c", code]], **settings)


def test_a_case_that_sleeps_costs_time_and_no_work():
    spent = measure(python("import time; time.sleep(0.4)"))
    assert spent.wall >= 0.4
    assert spent.cpu < 0.4
    assert spent.finished


def test_a_case_that_works_costs_processor_time():
    spent = measure(python("import time\nwhile time.process_time() < 0.5: pass"))
    assert 0.5 <= spent.cpu < 2


def test_memory_of_the_largest_process_and_of_all_of_them():
    code = (f"import subprocess, sys, time; {HUNDRED}"
            f"child = subprocess.Popen([sys.executable, '-S', '-c', {HUNDRED + 'import time; time.sleep(2)'!r}]); "
            "child.wait()")
    spent = measure(python(code))
    assert 95 <= spent.largest < 150
    assert 190 <= spent.together < 300
    assert max(megabytes for _, megabytes in spent.samples) == spent.together


def test_memory_of_the_process_that_measures_does_not_count():
    own = bytearray(200_000_000)
    own[::4096] = b"x" * len(own[::4096])
    assert measure(python("pass")).largest < 100


def test_a_command_that_is_not_there_is_told():
    with pytest.raises(CaseError, match="no-such-command could not be started"):
        measure(Case("case", [["no-such-command"]]))


def test_processor_time_of_children_counts():
    work = "import time\nwhile time.process_time() < 0.5: pass"
    spent = measure(python(f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {work!r}])"))
    assert spent.cpu >= 0.5


def test_all_commands_of_a_case_are_counted_and_what_comes_before_is_not(tmp_path):
    sleep = [sys.executable, "-S", "-c", "import time; time.sleep(0.2)"]
    seen = []
    spent = measure(Case("both", [sleep, sleep], before=lambda: seen.append("ready")))
    assert spent.wall >= 0.4
    assert seen == ["ready"]


def at_the_limit_once(file):
    """Return a clock that stands until there is something in a file, and is beyond any limit from then on."""
    return SimpleNamespace(monotonic=lambda: 1e9 if file.exists() and file.read_text() else 0.0)


def test_a_case_is_stopped_at_its_limit_with_all_that_came_of_it(tmp_path, monkeypatch):
    file = tmp_path / "pid"
    monkeypatch.setattr(_harness, "time", at_the_limit_once(file))
    runs = compare([Case("case", [["sh", "-c", f"sleep 600 & echo $! > '{file}'; wait"]], limit=3.0)], repeats=3)
    (spent,) = runs["case"]
    assert not spent.finished
    wait_until(lambda: not is_running(int(file.read_text())))
    assert "stopped at the limit" in markdown(cost_table(runs, "synthetic"))


def test_a_case_that_is_stopped_does_not_go_on_with_its_next_command(tmp_path, monkeypatch):
    begun, after = tmp_path / "begun", tmp_path / "after"
    stop = _harness._stop
    monkeypatch.setattr(_harness, "time", at_the_limit_once(begun))
    monkeypatch.setattr(_harness, "_stop", lambda pid: (stop(pid), time.sleep(0.3)))
    spent = measure(Case("case", [["sh", "-c", f"(echo x > '{begun}'; sleep 600); touch '{after}'"]], limit=3.0))
    assert not spent.finished
    assert not after.exists()


def test_an_interrupted_measurement_leaves_nothing_running(tmp_path):
    file = tmp_path / "pid"
    inner = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    code = ("import os, signal, sys, threading, time\nfrom benchmarks._harness import Case, measure\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it\n"
            f"def interrupt(file={str(file)!r}):\n"
            "    while not (os.path.exists(file) and os.path.getsize(file)):\n        time.sleep(0.05)\n"
            "    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)\n"
            "threading.Thread(target=interrupt, daemon=True).start()\n"
            f"measure(Case('case', [[sys.executable, '-S', '-c', {inner!r}]]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "KeyboardInterrupt" in done.stderr
    assert not Path(f"/proc/{file.read_text()}").exists()


def test_a_case_that_fails_says_what_it_said():
    with pytest.raises(CaseError, match=r"(?s)case: .* ended with 3:.*no such luck"):
        measure(python("import sys; print('no such luck'); sys.exit(3)"))


def test_sides_take_turns():
    order = []
    cases = [Case(name, [["true"]], before=lambda name=name: order.append(name)) for name in ("ours", "theirs")]
    cases.append(Case("once", [["true"]], before=lambda: order.append("once"), repeats=1))
    runs = compare(cases, repeats=2)
    assert order == ["ours", "theirs", "once", "ours", "theirs"]
    assert [len(spent) for spent in runs.values()] == [2, 2, 1]


def test_the_environment_of_a_case_reaches_it(tmp_path):
    file = tmp_path / "seen"
    measure(python(f"import os; open({str(file)!r}, 'w').write(os.environ['ASKED'])", environment={"ASKED": "yes"}))
    assert file.read_text() == "yes"


def spent(cpu, finished=True):
    return Spent(wall=cpu / 2, cpu=cpu, largest=10, together=20, finished=finished)


def test_ratios_carry_their_range():
    runs = {"theirs": [spent(30), spent(60)], "ours": [spent(2), spent(3)]}
    found = ratio(runs, "theirs", "ours")
    assert (found["median"], found["low"], found["high"]) == (18, 10, 30)
    assert told_ratio(found) == "18.0 (10.0 to 30.0)"
    assert ratio(runs, "theirs", "ours", "wall")["median"] == 18
    stopped = ratio({**runs, "theirs": [spent(30, finished=False)]}, "theirs", "ours")
    assert told_ratio(stopped).startswith("at least 12.0")


@pytest.mark.parametrize(("sizes", "costs", "exponent"), [
    ([10, 100], [5, 50], 1.0), ([10, 100, 1000], [1, 100, 10_000], 2.0), ([10, 100], [7, 7], 0.0),
    ([10], [5], None), ([10, 100], [0, 5], None),
])
def test_growth_is_the_slope_of_logarithms(sizes, costs, exponent):
    found = growth(sizes, costs)
    assert found == exponent if exponent is None else found == pytest.approx(exponent, abs=1e-6)


def test_json_is_whole_or_as_it_was(tmp_path):
    file = tmp_path / "new" / "figures.json"
    write_json(file, {"cases": as_figures({"ours": [spent(2)]})})
    assert json.loads(file.read_text())["cases"]["ours"][0]["cpu_seconds"] == 2
    circle = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        write_json(file, circle)
    assert json.loads(file.read_text())["cases"]["ours"][0]["finished"] is True
    assert [path.name for path in file.parent.iterdir()] == ["figures.json"]


def test_the_machine_and_what_decides_are_told():
    found = machine()
    assert found["cores"] >= 1
    assert found["memory_gb"] > 0
    assert found["processor"]
    assert {"python", "numpy", "pandas", "papermill"} <= set(versions())


def test_missing_data_is_told_with_its_source(tmp_path, capsys):
    (tmp_path / "clinc150.parquet").touch()
    assert there(tmp_path, ["clinc150", "banking77_en"]) == ["clinc150"]
    assert missing(tmp_path, ["clinc150"]) == ""
    assert "github.com/PolyAI-LDN/task-specific-datasets" in missing(tmp_path, ["clinc150", "banking77_en"])
    with pytest.raises(SystemExit):
        command.main(["themes", "--data", str(tmp_path)])
    assert "github.com/PolyAI-LDN" in capsys.readouterr().err


def test_the_measurement_of_themes_tells_what_it_lacks(tmp_path, capsys):
    with pytest.raises(SystemExit):
        themes.main(["--data", str(tmp_path), "--parts", "cost"])
    assert "github.com/clinc/oos-eval" in capsys.readouterr().err


def test_a_measurement_gets_what_it_asks_for_and_its_figures_are_kept(tmp_path, monkeypatch, capsys):
    class Module:
        """A title."""

        @staticmethod
        def run(data, rows=(1, 2), repeats=3):
            print(markdown(pd.DataFrame({"rows": rows}, index=pd.Index(["a", "b"], name="size"))))
            return {"rows": rows, "repeats": repeats}

    monkeypatch.setattr(command, "import_module", lambda name: Module)
    monkeypatch.setattr(command, "names", lambda: ["loading"])
    assert command.main(["loading", "--rows", "7,1_000", "--json", str(tmp_path / "it.json")]) == 0
    kept = json.loads((tmp_path / "it.json").read_text())
    assert kept["measurements"]["loading"]["figures"] == {"rows": [7, 1000], "repeats": 3}
    assert "| b | 1000 |" in kept["measurements"]["loading"]["printed"]
    assert "| b | 1000 |" in capsys.readouterr().out
    assert kept["machine"]["cores"] >= 1
    assert kept["versions"]["python"]


def test_without_a_name_neither_what_needs_data_nor_what_takes_hours_is_run(monkeypatch, capsys):
    class Long:
        """It takes hours."""

        LONG = True

    class Needy:
        """It needs data."""

        NEEDS = ("clinc150",)

    monkeypatch.setattr(command, "import_module", lambda name: Long if name == "benchmarks.long" else Needy)
    monkeypatch.setattr(command, "names", lambda: ["long", "needy"])
    assert command.main([]) == 0
    told = capsys.readouterr().out
    assert "== long: skipped. It takes long; name it." in told
    assert "== needy: skipped. Not in the data folder" in told


def test_a_measurement_goes_without_the_public_sets_that_are_not_there(tmp_path, monkeypatch, capsys):
    pd.DataFrame({"text": ["خوب", "بد"], "label": ["positive", "negative"]}).to_parquet(
        tmp_path / "persian_snappfood.parquet")
    assert [texts.name for texts in tone.public(tmp_path)] == ["SnappFood, Persian"]
    assert list(tone.public(None)) == []
    for part in ("coverage", "correlated", "nothing", "story"):
        monkeypatch.setattr(insights, part, lambda: None)
    insights.run(tmp_path)
    assert "orders and reviews of a Brazilian marketplace" in capsys.readouterr().out


@pytest.mark.parametrize("given", [("--repeats", "0"), ("--repeats", "-1"), ("--rows", "0"), ("--rows", "1300,x")])
def test_numbers_that_are_none_are_told(given, capsys):
    with pytest.raises(SystemExit):
        command.main(["loading", *given])
    assert "whole numbers from 1 on are wanted" in capsys.readouterr().err


def test_help_has_a_line_for_each_measurement(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    told = capsys.readouterr().out
    assert "tone         Tone: how often it is told right" in told
    assert all(f"\n{name:<12} " in told for name in command.names())


def test_an_unknown_measurement_is_told(capsys):
    with pytest.raises(SystemExit):
        command.main(["lodaing"])
    assert "there is no measurement 'lodaing'" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(Path(command.__file__).parent.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_measurement_finds_what_it_measures(path):
    module = importlib.import_module(f"benchmarks.{path.stem}")
    named = [name for name, value in vars(module).items()
             if isinstance(value, type(os)) and value.__name__.startswith("workbench.") and hasattr(value, name)]
    assert not named
