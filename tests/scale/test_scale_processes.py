"""Processes of one's own machine: the same results, whatever becomes of them, and none is left behind."""

import os
import pickle
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from patience import PATIENCE, ask_until, is_running, wait_until

from workbench import stages
from workbench.analysis import analyse
from workbench.beside import GatheredTables, make_elsewhere
from workbench.embedding import cache
from workbench.errors import InputError
from workbench.scale import blocks, machine, open_executor, processes
from workbench.scale.machine import count_processes
from workbench.scale.processes import Processes
from workbench.stages import evidence
from workbench.store import Store, array_digest, table_digest
from workbench.study import load_study
from workbench.themes.communities import as_network, communities, cut_out, leave_out
from workbench.themes.many import in_turn
from workbench.themes.neighbours import fuzzy_graph, nearest_neighbours
from workbench.themes.resolution import natural_resolution

SECRET = "my number is 0171 2345678"


def where(text):
    time.sleep(0.01)
    return os.getpid()


def where_others_are_killed(main, text):
    if os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return text


def say_and_fail_elsewhere(main, text):
    if os.getpid() != main:
        print(text, file=sys.stderr)
        os.write(2, text.encode())
        raise KeyError(text)
    time.sleep(0.01)
    return text


def refuse(text):
    raise InputError(f"the column {text!r} is missing.")


def workers(executor):
    """Return the processes that have worked, once there are two."""
    return ask_until(lambda: set(executor.map_blocks(where, [("",)] * 20)), lambda found: len(found) > 1)


@pytest.fixture(scope="module")
def two():
    """Two processes, the other of which has worked already."""
    with Processes(2) as executor:
        assert len(workers(executor)) == 2
        yield executor


def test_results_come_in_the_order_of_their_blocks(two):
    told = []
    two.tell = lambda done, total: told.append((done, total))
    assert list(two.map_blocks(divmod, [(number,) for number in range(50)], 7)) == [divmod(n, 7) for n in range(50)]
    assert told == [(number, 50) for number in range(1, 51)]
    two.tell = None
    assert list(two.map_blocks(len, [])) == []


def test_a_killed_process_costs_nothing_but_its_help():
    texts = [str(number) for number in range(20)]
    with Processes(2) as executor:
        assert len(workers(executor)) == 2
        dying, helper = partial(where_others_are_killed, os.getpid()), executor._others[0]._thread
        assert list(executor.map_blocks(dying, [(text,) for text in texts])) == texts
        wait_until(lambda: not helper.is_alive() or not list(executor.map_blocks(dying, [("",)] * 2)))
        assert list(executor.map_blocks(where, [("",)] * 5)) == [os.getpid()] * 5


def test_a_call_that_was_begun_is_done_once_whoever_does_it(two):
    begun = two.begin(where, "")
    assert ask_until(begun.is_finished)
    assert begun.result() != os.getpid()
    begun = two.begin(where, "")
    if begun.claim():  # the other process may have been quicker
        begun.do()
    assert begun.result() in workers(two)


def test_a_process_that_is_killed_over_a_begun_call_leaves_it_to_this_one():
    with Processes(2) as executor:
        begun = executor.begin(where_others_are_killed, os.getpid(), "late")
        assert ask_until(begun.is_finished)
        assert begun.result() == "late"


def test_what_fails_elsewhere_is_done_here_and_nobody_hears_of_it(two, capfd):
    texts = [f"{SECRET} {number}" for number in range(20)]
    assert list(two.map_blocks(partial(say_and_fail_elsewhere, os.getpid()), [(text,) for text in texts])) == texts
    assert capfd.readouterr() == ("", "")


def test_an_error_is_met_here_as_without_other_processes(two):
    with pytest.raises(InputError, match=r"^the column 'text' is missing\.$"):
        list(two.map_blocks(refuse, [("text",)] * 5))


def test_what_cannot_leave_this_process_is_done_here(two):
    assert list(two.map_blocks(lambda _: os.getpid(), [("",)] * 5)) == [os.getpid()] * 5


def test_a_process_with_other_code_is_not_asked(monkeypatch):
    monkeypatch.setattr(processes, "own_fingerprint", lambda: "another")
    with Processes(2) as executor:
        found = set(executor.map_blocks(where, [("",)] * 5))
        other = executor._others[0]
        other._thread.join(PATIENCE)
        assert set(executor.map_blocks(where, [("",)] * 5)) == found == {os.getpid()}


def test_none_starts_for_a_single_block_and_all_end_with_the_work():
    with Processes(3) as executor:
        assert list(executor.map_blocks(where, [("",)])) == [os.getpid()]
        assert not executor._others
        assert len(list(executor.map_blocks(where, [("",)] * 2))) == 2
        started = [other._process for other in executor._others]
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_where_no_process_can_be_started_this_one_does_all(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Processes(2) as executor:
        assert list(executor.map_blocks(where, [("",)] * 5)) == [os.getpid()] * 5
        begun = executor.begin(where, "")
        assert begun.claim()


SCRIPT = """
import os, sys, time
sys.path[:0] = {places!r}
print("once", flush=True)
import test_scale_processes as tests
from workbench.scale.processes import Processes
with Processes(2) as executor:
    print(*sorted(tests.workers(executor) - {{os.getpid()}}), flush=True)
    {then}
"""
FOREVER = "list(executor.map_blocks(time.sleep, [(600,)] * 4))"


def run_script(then, folder, **options):
    """Start a script that has no main guard, and return it together with the process that works beside it."""
    path = folder / "script.py"
    places = [str(place) for place in Path(__file__).parents[:2]]
    path.write_text(SCRIPT.format(places=places, then=then), encoding="utf-8")
    script = subprocess.Popen([sys.executable, "-W", "ignore", str(path)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, start_new_session=True, **options)
    assert script.stdout.readline() == "once\n"
    return script, int(script.stdout.readline())


def test_a_script_needs_no_main_guard(tmp_path):
    script, other = run_script("pass", tmp_path)
    assert script.communicate() == ("", "")
    assert script.returncode == 0
    assert not is_running(other)


@pytest.mark.parametrize("stop", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_no_process_outlives_the_main_one(tmp_path, stop):
    with run_script(FOREVER, tmp_path)[0] as script:
        children = Path(f"/proc/{script.pid}/task/{script.pid}/children")
        others = [int(child) for child in children.read_text().split()] if children.exists() else []
        script.send_signal(stop)
        script.wait(PATIENCE)
        assert not ask_until(lambda: [other for other in others if is_running(other)], lambda running: not running)
        assert others


def test_ctrl_c_stops_all_at_once(tmp_path):
    script, other = run_script(FOREVER, tmp_path, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    os.killpg(script.pid, signal.SIGINT)
    _, err = script.communicate(timeout=PATIENCE)
    assert script.returncode != 0
    assert err.count("KeyboardInterrupt") == 1
    assert not is_running(other)


def digests(tables):
    return {name: array_digest(np.asarray(tables[name])) if isinstance(tables[name], np.ndarray)
            else table_digest(tables[name]) for name in tables}


@pytest.mark.parametrize("stage", ["split_comments", "embed_all", "find_all", "examine_all", "read_all", "tell_tones"])
def test_stages_make_the_same_tables(two, small_study, small_analysis, tmp_path, monkeypatch, stage):
    study, compute = load_study(small_study), getattr(stages, stage)
    alone = compute(study, small_analysis.tables, Store(tmp_path / "alone"))
    monkeypatch.setattr(blocks, "ROWS", 7)
    monkeypatch.setattr(cache, "_BATCH", 8)
    beside = compute(study, small_analysis.tables, Store(tmp_path / "beside"), two)
    assert digests(beside[0]) == digests(alone[0])
    assert beside[1] == alone[1]


@pytest.fixture(scope="module")
def network():
    """A graph without clear communities, so that each run finds others."""
    points = np.random.default_rng(0).normal(size=(300, 20)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return as_network(fuzzy_graph(*nearest_neighbours(points, 8)))


def test_runs_on_a_graph_are_the_same_whoever_does_them(two, network):
    assert as_network(pickle.loads(pickle.dumps(network))).graph.get_edgelist() == network.graph.get_edgelist()
    assert natural_resolution(network, 3, many=two.map_blocks) == natural_resolution(network, 3)
    parts = [communities(network, 1.0, seed, many=many).tolist()
             for many in (in_turn, two.map_blocks) for seed in (0, 1)]
    assert parts[:2] == parts[2:]
    assert parts[0] != parts[1]


def find_and_tell_who(main, network, rows, seed):
    if main is not None and os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    return np.append(communities(cut_out(network, rows), 1.0, seed, 2), os.getpid())


def test_resamples_are_found_by_several_processes_and_lost_with_none(two, network):
    alone = leave_out(300, partial(find_and_tell_who, None, network), 5)
    beside = ask_until(lambda: leave_out(300, partial(find_and_tell_who, None, network), 5, many=two.map_blocks),
                       lambda found: len({int(part[-1]) for _, part in found}) > 1)
    assert len({int(part[-1]) for _, part in beside}) == 2
    with Processes(2) as dying:
        assert len(workers(dying)) == 2
        killed = leave_out(300, partial(find_and_tell_who, os.getpid(), network), 5, many=dying.map_blocks)
    for found in (beside, killed):
        for (rows, part), (own_rows, own_part) in zip(found, alone, strict=True):
            assert rows.tolist() == own_rows.tolist()
            assert part[:-1].tolist() == own_part[:-1].tolist()


@pytest.mark.parametrize(("name", "compute"), [("tone", stages.tell_tones), ("map", stages.lay_out_all),
                                               ("paths", stages.follow_all)])
def test_a_stage_that_another_process_makes_is_stored_as_any(two, small_study, small_analysis, tmp_path, name, compute):
    study, store = load_study(small_study), Store(tmp_path)
    tables = GatheredTables(dict.fromkeys(small_analysis.tables, small_analysis.folder))
    assert sorted(tables) == sorted(small_analysis.tables)
    assert len(tables) == len(small_analysis.tables)
    begun = two.begin(make_elsewhere, study, store, tables, name, "0123456789abcdef", compute)
    assert ask_until(begun.is_finished)
    assert begun.result() > 0
    path = store.stage_path(name, "0123456789abcdef")
    made = store.read(path)
    assert digests(made) == {table: digest for table, digest in digests(small_analysis.tables).items() if table in made}
    assert store.manifest(path)["facts"]["told"] == small_analysis.facts[name]["told"]


def test_evidence_is_the_same_whoever_weighs_its_parts(two, small_study, small_analysis, monkeypatch):
    monkeypatch.setattr(evidence, "is_large", lambda rows: True)
    tables, weighed = GatheredTables(dict.fromkeys(small_analysis.tables, small_analysis.folder)), []
    monkeypatch.setattr(two, "tell", lambda done, total: weighed.append((done, total)))
    made = stages.weigh_all(load_study(small_study), tables, None, executor=two)[0]
    assert weighed == [(1, 3), (2, 3), (3, 3)]
    assert digests(made) == {name: digest for name, digest in digests(small_analysis.tables).items() if name in made}
    assert list(pickle.loads(pickle.dumps(tables)).folders) == list(small_analysis.tables)


@pytest.mark.slow
def test_tables_are_the_same_with_any_number_of_processes(make_small_study, tmp_path, monkeypatch, small_analysis):
    monkeypatch.setattr(blocks, "ROWS", 7)
    for count in (2, 3):
        study = make_small_study(tmp_path / str(count))
        found = analyse(study, processes=count, progress=False)
        assert digests(found.tables) == digests(small_analysis.tables)
        assert list(found.tables) == list(Store(study.parent / ".workbench").read(found.folder))


@pytest.mark.slow
def test_the_order_of_rows_decides_nothing_with_several_processes(make_small_study, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 7)
    found = []
    for name in ("as_written", "shuffled"):
        study = make_small_study(tmp_path / name)
        rows = pd.read_csv(study.parent / "comments.csv", dtype=str)
        if name == "shuffled":
            rows.sample(frac=1, random_state=0).to_csv(study.parent / "comments.csv", index=False)
        tables = analyse(study, processes=2, progress=False)
        found.append([tables["themes"], tables["stage_shares"], tables["headlines"],
                      tables["tone"].sort_values("statement_id", ignore_index=True)])
    for one, other in zip(*found, strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(("asked", "stated", "expected"), [(1, "5", 1), (7, "", 7), (None, "5", 5), (None, "1", 1)])
def test_what_is_asked_for_comes_before_what_the_environment_states(monkeypatch, asked, stated, expected):
    monkeypatch.setenv("VOC_PROCESSES", stated)
    assert count_processes(asked) == expected


@pytest.mark.parametrize(("processors", "memory", "expected"), [
    (2, 64 * 2**30, 2), (1, 64 * 2**30, 1), (64, 64 * 2**30, 4), (8, 7 * 2**30, 3), (8, 2**20, 1)])
def test_without_either_processors_and_memory_decide(monkeypatch, processors, memory, expected):
    monkeypatch.delenv("VOC_PROCESSES", raising=False)
    monkeypatch.setattr(machine, "_processors", lambda: processors)
    monkeypatch.setattr(machine, "_memory", lambda: memory)
    assert count_processes() == expected


@pytest.mark.parametrize(("asked", "stated", "told"), [
    (0, "", r"^processes: .* found 0\.$"), (-1, "3", r"^processes: .* found -1\.$"),
    (None, "many", r"^VOC_PROCESSES: expected how many processes .* found 'many'\.$"),
    (None, "1.5", "found '1.5'")])
def test_a_number_of_processes_that_is_none_is_told(monkeypatch, asked, stated, told):
    monkeypatch.setenv("VOC_PROCESSES", stated)
    with pytest.raises(InputError, match=told):
        open_executor(processes=asked)


def test_processor_time_that_a_container_allots_is_what_counts(tmp_path):
    assert machine._shares(tmp_path) == 2**63
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    for quota, expected in (("-1", 2**63), ("250000", 3)):
        (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
        assert machine._shares(tmp_path) == expected
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert machine._shares(tmp_path) == 1
    (tmp_path / "cpu" / "cpu.cfs_quota_us").unlink()
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert machine._shares(tmp_path) == 2**63


def test_memory_that_a_container_allots_is_what_counts(tmp_path):
    assert machine._allotted(tmp_path) == 2**63
    for name, text in (("max", "3000"), ("current", "2000"), ("stat", "anon 5\ninactive_file 700\n")):
        (tmp_path / f"memory.{name}").write_text(text)
    assert machine._allotted(tmp_path) == 1_700
    (tmp_path / "memory.max").write_text("max\n")
    assert machine._allotted(tmp_path) == 2**63
