"""What a command leaves behind that was stopped by Ctrl-C or by SIGTERM: a sentence, and nothing that runs."""

import asyncio
import io
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from unittest.mock import Mock
from weakref import WeakSet

import pytest
import typer
from nbformat import v4
from patience import PATIENCE, is_running, wait_until

from workbench import __main__ as voc
from workbench.progress import Progress
from workbench.report import execution

PARAMETERS = 'study: str | None = None\nlanguage: str = "en"\nonly: str | None = None\n'
STOPPED = "voc: stopped. Finished stages are stored; run the same command to go on."
LONG = 20  # seconds; a signal is sent again after a moment
SIGNALS = [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)]


def start(*arguments, cwd):
    # a shell's background jobs ignore Ctrl-C, and their children inherit that
    return subprocess.Popen([sys.executable, "-m", "workbench", *map(str, arguments)], stderr=subprocess.PIPE,
                            stdout=subprocess.DEVNULL, text=True, cwd=cwd, encoding="utf-8",
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_report_that_is_stopped_ends_its_kernels(small_study, write_notebook, tmp_path, sent, code, jobs):
    markers = tmp_path / "kernels"
    markers.mkdir()
    waits = f"import os, pathlib, time\npathlib.Path({str(markers)!r}, str(os.getpid())).touch()\ntime.sleep(600)"
    path = write_notebook(v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), waits)
    out = tmp_path / "out"
    process = start("report", path, "--study", small_study, "-l", "en", "-l", "fa", "-j", jobs, "--output", out,
                    "--quiet", cwd=tmp_path)
    wait_until(lambda: len(list(markers.iterdir())) == jobs)
    process.send_signal(sent)
    told = process.communicate(timeout=PATIENCE)[1]
    kernels = [int(marker.name) for marker in markers.iterdir()]
    assert (process.returncode, told.strip()) == (code, STOPPED)
    assert len(kernels) == jobs  # no other was begun
    wait_until(lambda: not any(map(is_running, kernels)))
    assert not [place.name for place in out.rglob("*") if place.suffix != ".lock"]


def test_a_kernel_that_starts_while_all_are_ended_is_ended_as_well(monkeypatch):
    first, second = Mock(), Mock()
    launching = execution._provisioner()(kernel_id="second").launch_kernel(["python"])
    starts = threading.Thread(target=lambda: asyncio.run(launching))

    class Crowded(WeakSet):
        def __iter__(self):
            for each in super().__iter__():
                starts.start()
                starts.join(0.2)
                yield each

    monkeypatch.setattr(execution, "take_kernel", lambda *_: second)
    monkeypatch.setattr(execution, "_STARTED", Crowded([first]))
    with execution.kernels_ended():
        starts.join()
    assert [each.kill.call_count for each in (first, second)] == [1, 1]


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
def test_an_analysis_that_is_stopped_keeps_what_is_done(make_small_study, tmp_path, sent, code):
    study = make_small_study(tmp_path / "study")
    process = start("analyse", study, cwd=tmp_path)
    stored = study.parent / ".workbench"
    wait_until(lambda: list(stored.glob("stages/language-*/statements*.parquet")) or process.poll() is not None)
    process.send_signal(sent)
    told = process.communicate(timeout=PATIENCE)[1]
    assert (process.returncode, told.splitlines()[-1]) == (code, STOPPED)
    assert "Traceback" not in told
    assert list(stored.rglob("comments*.parquet"))


class Dropped:
    """Sends a signal when nobody holds it any more, where what is raised is lost."""

    def __init__(self, sent):
        self.sent = sent

    def __del__(self):
        signal.raise_signal(self.sent)


def forever():
    wait_until(lambda: False)


def in_a_callback(sent, wait=forever):
    Dropped(sent)
    wait()


def in_what_may_fail(sent):
    with suppress(BaseException):
        signal.raise_signal(sent)
    forever()


def in_a_library_that_is_being_loaded(sent):
    try:
        signal.raise_signal(sent)
    except BaseException as error:
        raise ImportError("initialization failed") from error


def in_a_library_that_can_be_done_without(sent):
    with suppress(ImportError):
        in_a_library_that_is_being_loaded(sent)
    forever()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("comes", [in_a_callback, in_what_may_fail, in_a_library_that_is_being_loaded,
                                   in_a_library_that_can_be_done_without])
def test_a_signal_ends_the_command_wherever_it_comes(monkeypatch, capsys, sent, code, comes):
    ended = ended_by(monkeypatch, lambda: comes(sent))
    assert (ended, capsys.readouterr().err.strip()) == (code, STOPPED)


def ended_by(monkeypatch, act):
    """Return the code that a command ends with which does this."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(act)
        monkeypatch.setattr(voc, "app", app)
        monkeypatch.setattr(sys, "argv", ["voc"])
        with pytest.raises(SystemExit) as ended:
            voc.main()
    finally:
        signal.signal(signal.SIGINT, before)
    return ended.value.code


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_that_was_lost_wakes_a_command_that_waits(monkeypatch, sent, code):
    late, waited = [], threading.Event()
    wakes = threading.Timer(LONG, lambda: (late.append(True), waited.set()))
    wakes.start()
    ended = ended_by(monkeypatch, lambda: in_a_callback(sent, waited.wait))
    wakes.cancel()
    assert (ended, late) == (code, [])


def test_the_sentence_has_a_line_of_its_own_wherever_a_stage_was_stopped(monkeypatch, capsys):
    def stopped(**_: object):
        sys.stderr.write("language   ...")
        sys.exit(143)

    monkeypatch.setattr(voc, "app", stopped)
    with pytest.raises(SystemExit):
        voc.main()
    assert capsys.readouterr().err.splitlines()[-1] == STOPPED


def test_a_stage_that_a_signal_left_open_writes_nothing_after_the_sentence():
    told = io.StringIO()
    stage = Progress(told).making("language")
    stage.__enter__()
    del stage  # as when the command has ended already
    assert told.getvalue() == "language   ..."


def test_a_stage_that_a_signal_stopped_as_it_began_tells_nothing_more(monkeypatch):
    start, begun = threading.Thread.start, []

    def stopped(thread):
        start(thread)
        begun.append(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", stopped)
    with pytest.raises(KeyboardInterrupt), Progress(None).making("language"):
        pass
    begun[0].join(LONG)
    assert not begun[0].is_alive()


def lost_as_the_command_ends():
    with suppress(BaseException):
        signal.raise_signal(signal.SIGTERM)
    raise SystemExit(143)


def test_a_signal_that_was_lost_is_not_sent_again_to_a_command_that_has_ended(monkeypatch):
    sent = []
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(lost_as_the_command_ends)
    monkeypatch.setattr(voc, "app", app)
    monkeypatch.setattr(sys, "argv", ["voc"])
    before = signal.signal(signal.SIGTERM, lambda number, _: sent.append(number))
    try:
        with pytest.raises(SystemExit):
            voc.main()
        time.sleep(4 * voc._MOMENT)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert not sent
