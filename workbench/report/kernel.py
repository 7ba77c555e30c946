"""The kernel that reports run in: ipykernel, started without imports that every process pays for.

jupyter-events asks for ``jsonschema[format-nongpl]``, which loads ``rfc3987_syntax``, which builds a grammar for
one to two seconds of processor time, in each process, to check one string format that no notebook uses; and
``isoduration`` and ``rfc3986_validator`` for two others, which load a library of dates and large patterns. jsonschema
does without them when they cannot be imported. Nor does a report need ipykernel's debugger, a hundred modules; in
JupyterLab the kernel has it.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.imports import all_is_kept
from workbench.report.ready import FLAG, wait_for_arguments

KERNEL_NAME = "voc"
FOR_REPORT = "--for-report"
_SLOW = ("rfc3987_syntax", "isoduration", "rfc3986_validator")
KERNELSPEC = Path(__file__).parent / "kernelspec"


def skip_slow_import() -> None:
    """Make imports of what jsonschema can do without fail at once in this process, unless they were made already.

    Examples
    --------
    >>> skip_slow_import()
    >>> import jsonschema
    """
    for name in _SLOW:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


@contextmanager
def without(name: str) -> Iterator[None]:
    """Make an import of a library fail within the block, unless it has been imported already.

    Examples
    --------
    >>> with without("a_library"):
    ...     import a_library
    Traceback (most recent call last):
    ModuleNotFoundError: import of a_library halted; None in sys.modules
    >>> "a_library" in sys.modules
    False
    """
    hidden = sys.modules.setdefault(name, None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if hidden:
            sys.modules.pop(name, None)


def main() -> None:
    """Start the kernel; the connection file is named on the command line, or told when the kernel is ready."""
    skip_slow_import()
    if sys.argv[1:] == [FLAG]:
        sys.argv[1:] = wait_for_arguments()
    with all_is_kept():
        from ipykernel.kernelapp import IPKernelApp

        if FOR_REPORT in sys.argv:
            sys.argv.remove(FOR_REPORT)
            with without("debugpy"):
                import ipykernel.debugger  # noqa: F401

    # What a cell prints reaches the notebook; the kernel's own log would only disturb the terminal when it is stopped.
    IPKernelApp.launch_instance(log_level=logging.CRITICAL)
    gc.freeze()  # all goes with the process: to look once more for what can be freed takes a sixth of a second


if __name__ == "__main__":
    main()
