"""Run measurements by name: ``python -m benchmarks [NAME ...] [--data DIR]``.

A measurement is a module of this folder with a function ``run(data)`` that prints its tables; `data` is the folder of
public data sets, or None. Without a name, all that need no data are run.
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem[0] != "_")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--data", type=Path, help="folder of public data sets")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in names()]
    if unknown:
        parser.error(f"there is no measurement {unknown[0]!r}; there are {', '.join(names())}")
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for name in arguments.names or names():
        module = import_module(f"benchmarks.{name}")
        if not arguments.names and getattr(module, "NEEDS_DATA", False) and arguments.data is None:
            print(f"\n== {name}: skipped, it needs --data")
            continue
        print(f"\n== {name}: {(module.__doc__ or '').strip().splitlines()[0]}")
        module.run(arguments.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
