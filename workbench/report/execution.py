"""Run a notebook in a kernel of its own and say honestly how it ended.

papermill's own record cannot be trusted after a dead kernel or a time-out: it marks every cell as completed. What
counts here is that each code cell was executed to its end and left no error.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Lock
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import workbench
from workbench import errors
from workbench.imports import all_is_kept
from workbench.report.kernel import FOR_REPORT, KERNEL_NAME, KERNELSPEC, without
from workbench.report.ready import take_kernel

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LOCK = Lock()
_STARTED: WeakSet[subprocess.Popen[bytes]] = WeakSet()
_STOPPED = Event()
_PATIENCE = 300  # seconds for a busy kernel to start, or to send what a cell printed


@dataclass(frozen=True)
class Failure:
    """Why a notebook did not finish.

    Attributes
    ----------
    cell_number
        Counted from 1 over the cells of the notebook as its author wrote it; None when no cell was reached.
    heading
        The nearest markdown heading above the cell, or an empty string.
    kind
        ``error``, ``dead``, ``time`` or ``unfinished``.
    error
        The exception's type, such as ``ValueError``; empty for other kinds.
    detail
        A WorkbenchError's message; of other exceptions the last line only.
    """

    cell_number: int | None
    heading: str
    kind: str
    error: str = ""
    detail: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the exception is one of the package's own, whose messages hold no customer's words."""
        return self.error in own_errors()


def own_errors() -> frozenset[str]:
    """Return the names of the package's own exceptions.

    Examples
    --------
    >>> "StudyError" in own_errors(), "ValueError" in own_errors()
    (True, False)
    """
    kinds = (kind for kind in vars(errors).values() if isinstance(kind, type))
    return frozenset(kind.__name__ for kind in kinds if issubclass(kind, errors.WorkbenchError))


def execute(
    notebook: Any, parameters: Mapping[str, Any], *, folder: Path, timeout: float, progress: bool
) -> tuple[Any, Failure | None]:
    """Execute the notebook with papermill; return it as it was executed, and None or what went wrong.

    Parameters
    ----------
    notebook
        A notebook (nbformat 4); left as it is.
    parameters
        Checked values for the cell tagged ``parameters``.
    folder
        The kernel's working folder.
    timeout
        Seconds that one cell may take.
    progress
        Whether to show a progress bar on the terminal.
    """
    papermill = _papermill()
    from nbclient.exceptions import CellTimeoutError

    # It does not see `name: str | None` in a parameters cell and warns; parameters were checked before this.
    logging.getLogger("papermill").addFilter(_is_of_use)
    if _STOPPED.is_set():
        raise KeyboardInterrupt
    # Prepared first and executed by itself: papermill would write all of it to a file before and after each cell.
    executed = papermill.execute_notebook(notebook, None, dict(parameters), kernel_name=KERNEL_NAME, language="python",
                                          prepare_only=True)
    del executed.metadata.papermill["input_path"], executed.metadata.papermill["output_path"]
    kind = "unfinished"
    try:
        with tempfile.TemporaryDirectory(prefix="voc-", ignore_cleanup_errors=True) as sockets:
            papermill.engines.papermill_engines.execute_notebook_with_engine(
                None,
                executed,
                kernel_name=KERNEL_NAME,
                progress_bar=progress,
                start_timeout=_PATIENCE,
                execution_timeout=timeout,
                iopub_timeout=_PATIENCE,
                kernel_manager_class=_kernel_manager(sockets),
                extra_arguments=[FOR_REPORT, "--HistoryManager.hist_file=:memory:"],
                resources={"metadata": {"path": str(folder)}},
            )
    except CellTimeoutError:
        kind = "time"
    except RuntimeError:  # nbclient's DeadKernelError, and jupyter_client's own when the kernel never came up
        kind = "dead"
    if _STOPPED.is_set():
        raise KeyboardInterrupt
    return executed, find_failure(executed, kind)


@cache
def _papermill() -> Any:
    """Return papermill, loaded without what it would write to Hadoop with."""
    with all_is_kept(), without("pyarrow.fs"):
        import papermill
    return papermill


@contextmanager
def kernels_ended() -> Iterator[None]:
    """End all kernels of this process, and let none start within the block; whoever waits for one is interrupted."""
    _STOPPED.set()
    try:
        with _LOCK:
            started = list(_STARTED)
        for kernel in started:
            with suppress(OSError):
                kernel.kill()
        yield
    finally:
        _STOPPED.clear()


def _is_of_use(record: logging.LogRecord) -> bool:
    return not (str(record.msg).startswith("Passed unknown parameter") or _STOPPED.is_set())


def find_failure(executed: Any, kind: str = "unfinished") -> Failure | None:
    """Return the first thing that shows that the notebook did not finish, or None where every cell did.

    Parameters
    ----------
    executed
        The notebook as papermill left it.
    kind
        What ended it, for a cell that stopped without an error of its own.
    """
    steps = list(_code_cells(executed))
    started = [step for step in steps if step.record.get("start_time") is not None]
    if kind in ("dead", "time"):  # before errors: a cell that ran out of time also holds a KeyboardInterrupt
        return started[-1].failure(kind) if started else Failure(None, "", kind)
    for step in steps:
        for output in step.cell.outputs:
            if output.output_type == "error":
                return step.failure("error", output.ename, _plain_reason(output.ename, output.evalue))
    for step in steps:
        if step not in started or step.cell.execution_count is None or step.record.get("exception"):
            return step.failure("unfinished")
    return None


@dataclass(frozen=True)
class _Step:
    """A code cell, its number among the author's cells, and the heading above it."""

    number: int
    heading: str
    cell: Any

    @property
    def record(self) -> Mapping[str, Any]:
        return dict(self.cell.metadata.get("papermill", {}))

    def failure(self, kind: str, error: str = "", detail: str = "") -> Failure:
        return Failure(self.number, self.heading, kind, error, detail)


def _code_cells(executed: Any) -> Iterator[_Step]:
    number, heading = 0, ""
    for cell in executed.cells:
        tags = cell.metadata.get("tags", [])
        if "papermill-error-cell-tag" in tags:
            continue
        number += "injected-parameters" not in tags
        heading = _heading_of(cell) or heading
        if cell.cell_type == "code" and cell.source.strip():
            yield _Step(number, heading, cell)


def _heading_of(cell: Any) -> str:
    if cell.cell_type != "markdown":
        return ""
    found = re.findall(r"^#{1,6}\s+(.+?)\s*#*\s*$", cell.source, flags=re.MULTILINE)
    return str(found[-1]) if found else ""


def _plain_reason(name: str, message: str) -> str:
    message = _ANSI.sub("", message).strip()
    if name in own_errors():
        return message
    return message.splitlines()[-1][:300] if message else ""


def _kernel_manager(sockets: str) -> type:
    """Return a kernel manager that finds the package's own kernel, also where it was never installed.

    Page and kernel talk through sockets in a folder that only this user can open; over TCP, others on the same
    machine could read along. The folder's short path matters: a socket's address has about a hundred letters.
    """
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnSpecs(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            if kernel_name == KERNEL_NAME:
                return KernelSpec.from_resource_dir(str(KERNELSPEC))
            return super().get_kernel_spec(kernel_name)

    class OwnKernelManager(AsyncKernelManager):
        def _transport_default(self) -> str:
            return "ipc" if os.name == "posix" else "tcp"

        def _ip_default(self) -> str:
            return os.path.join(sockets, "kernel") if self.transport == "ipc" else str(super()._ip_default())

        def _kernel_spec_manager_default(self) -> KernelSpecManager:
            return OwnSpecs(parent=self)

        async def _async_start_kernel(self, **kwargs: Any) -> None:
            self.kernel_id = self.kernel_id or kwargs.pop("kernel_id", str(uuid4()))
            self.provisioner = self.provisioner or _provisioner()(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            await super()._async_start_kernel(**{**kwargs, "env": kernel_environment(kwargs.get("env"))})

        start_kernel = _async_start_kernel

    return OwnKernelManager


@cache
def _provisioner() -> type:
    """Return what starts a kernel, or takes the one that was made ready."""
    from jupyter_client.provisioning import LocalProvisioner

    class TakesReadyKernel(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            ready = take_kernel(cmd, Path(kwargs.get("cwd") or Path.cwd()))
            if ready is None:
                await super().launch_kernel(cmd, **kwargs)
            else:
                self.process, self.pid, self.pgid, self.cwd = ready, ready.pid, ready.pid, kwargs.get("cwd")
            if self.process is not None:
                with _LOCK:
                    _STARTED.add(self.process)
                if _STOPPED.is_set():
                    self.process.kill()
            return self.connection_info

    return TakesReadyKernel


def kernel_environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a kernel: this process's, in which it finds the package."""
    environment = dict(os.environ if given is None else given)
    home = str(Path(workbench.__file__).resolve().parent.parent)
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # A plain checkout: the kernel starts in the notebook's folder and would not find the package.
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, environment.get("PYTHONPATH")]))
    return environment
