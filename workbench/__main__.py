"""The `voc` command: its verbs, and how it ends."""

from __future__ import annotations

import atexit
import errno
import gc
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from workbench.commands.analyse import analyse, lab, report
from workbench.commands.check import check
from workbench.commands.codebook import codebook
from workbench.commands.encoder import cache, train_encoder
from workbench.commands.export import export
from workbench.commands.forget import forget
from workbench.commands.telling import tell
from workbench.commands.verify import verify
from workbench.errors import InputError, WorkbenchError

_INTERRUPTED = 130  # what typer makes of Ctrl-C
_TERMINATED = 128 + signal.SIGTERM
_MOMENT = 0.05  # seconds, in which a callback comes to its end
_OF_THE_DISK = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

app = typer.Typer(
    name="voc",
    help="Voice-of-Customer research workbench: comments in many languages in, reports to decide on out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check)
app.command()(analyse)
app.command()(report)
app.command()(export)
app.command()(forget)
app.command()(verify)
app.command()(train_encoder)
app.add_typer(codebook, name="codebook")
app.command()(cache)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)


def main() -> None:
    """Run the command: 0 done, 2 the user's input is wrong, 130 or 143 stopped by a signal, 1 anything else."""
    warnings.formatwarning = _plain  # a line of code beside each warning helps nobody here
    atexit.register(_end_at_once)
    try:
        with _stopped_in_order():
            app(standalone_mode=True)
    except InputError as error:
        tell(f"voc: {error}", err=True)
        sys.exit(2)
    except WorkbenchError as error:
        tell(f"voc: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno not in _OF_THE_DISK:  # then it is a fault of the program
            raise
        place = error.filename or "a file"
        tell(f"voc: {place} cannot be read or written: {error.strerror}.{_advice(error)}", err=True)
        sys.exit(1)
    except SystemExit as ended:
        if ended.code in (_INTERRUPTED, _TERMINATED):  # a signal may come while a line on progress stands open
            tell("\nvoc: stopped. Finished stages are stored; run the same command to go on.", err=True)
        raise


def _advice(error: OSError) -> str:
    """Return what to do where nothing can be written: what is stored there is read, but the rest needs a place."""
    return " Name a folder elsewhere with --output; what is not stored yet needs a copy of the study on another disk." \
        if error.errno == errno.EROFS else ""


def _end_at_once() -> None:
    """Free nothing at the end, since all goes with the process; DuckDB alone would write a list of what it kept."""
    if "_duckdb" not in sys.modules:
        gc.freeze()


class _Interrupted(KeyboardInterrupt):
    """What Ctrl-C raises, wherever the program is; where that loses it, this is told."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__()
        self._lost = lost

    def __del__(self) -> None:
        self._lost()


class _Terminated(SystemExit):
    """What SIGTERM raises, as `_Interrupted`."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__(_TERMINATED)
        self._lost = lost

    def __del__(self) -> None:
        self._lost()


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, with all processes that it started; a second one ends it at once.

    It may come while a library is being loaded, which makes an error of its own of it, or within a callback, where
    whatever is raised is lost: as soon as nobody holds what was raised, though the command goes on, it is raised again.
    """
    kinds = {signal.SIGINT: _Interrupted, signal.SIGTERM: _Terminated}
    before = {number: signal.getsignal(number) for number in kinds}
    at_second: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    tell_unraisable, received, is_running = sys.unraisablehook, list[signal.Signals](), True
    main_thread = threading.get_ident()

    def stop(number: int, _: object) -> None:
        received.append(signal.Signals(number))
        signal.signal(number, at_second[received[-1]])
        raise kinds[received[-1]](again)

    def again() -> None:
        if is_running and threading.current_thread() is threading.main_thread():
            signal.signal(received[-1], stop)
            threading.Timer(_MOMENT, once_more).start()

    def once_more() -> None:
        if is_running:
            if hasattr(signal, "pthread_kill"):  # so that the main thread wakes, whatever it waits for
                signal.pthread_kill(main_thread, received[-1])
            else:
                signal.raise_signal(received[-1])

    def tell_others(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, tuple(kinds.values())):
            tell_unraisable(lost)

    for number in before:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, stop)
    sys.unraisablehook = tell_others
    try:
        yield
    except Exception:  # whatever a library has made of the signal on its way
        if not received:
            raise
        sys.exit(128 + received[0])
    finally:
        is_running = False
        sys.unraisablehook = tell_unraisable
        for number in before:
            signal.signal(number, before[number])


def _plain(message: Warning | str, *_: object, **__: object) -> str:
    return f"\nvoc: {message}\n"  # a line on progress may stand open


if __name__ == "__main__":
    main()
