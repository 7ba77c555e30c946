"""The kernel that reports run in: ipykernel, started without an import that every process pays for.

jupyter-events asks for ``jsonschema[format-nongpl]``, which loads ``rfc3987_syntax``, which builds a grammar for
one to two seconds of processor time, in each process, to check one string format that no notebook uses.
jsonschema does without it when it cannot be imported.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

KERNEL_NAME = "voc"
KERNELSPEC = Path(__file__).parent / "kernelspec"


def skip_slow_import() -> None:
    """Make ``import rfc3987_syntax`` fail at once in this process, unless it has been imported already.

    Examples
    --------
    >>> skip_slow_import()
    >>> import jsonschema
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def main() -> None:
    """Start the kernel; the connection file is named on the command line."""
    skip_slow_import()
    from ipykernel.kernelapp import IPKernelApp

    # What a cell prints reaches the notebook; the kernel's own log would only disturb the terminal when it is stopped.
    IPKernelApp.launch_instance(log_level=logging.CRITICAL)


if __name__ == "__main__":
    main()
