"""Run measurements by name: ``python -m benchmarks [NAME ...] [--data DIR] [--rows N,N] [--repeats K]``.

A measurement is a module of this folder with a function ``run`` that prints its tables. It takes those of ``data`` (the
folder of public data sets, or None), ``rows``, ``repeats``, ``cases`` and ``model`` (files) that it names, and may
return figures for the file that ``--json FILE`` names. Without a name, all that need neither data nor hours are run.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import inspect
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._harness import write_json
from benchmarks._machine import machine, told_machine, versions
from benchmarks._sources import missing

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem[0] != "_")


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, epilog=_titles(),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--data", type=Path, help="folder of public data sets")
    parser.add_argument("--rows", type=_numbers, help="sizes, such as 1300,13000, for those that take them")
    parser.add_argument("--repeats", type=_number, help="runs of each case, for those that repeat")
    parser.add_argument("--cases", type=_words, help="cases that are wanted, such as cold,assigned (end_to_end)")
    parser.add_argument("--model", type=Path, nargs="+", help="model files to measure beside the shipped one (encoder)")
    parser.add_argument("--json", type=Path, help="file that figures, versions and the machine are written to")
    asked = parser.parse_args(given)
    unknown = [name for name in asked.names if name not in names()]
    if unknown:
        parser.error(f"there is no measurement {unknown[0]!r}; there are {', '.join(names())}")
    whole: dict[str, Any] = {"machine": machine(), "versions": versions(), "measurements": {}}
    print(told_machine(whole["machine"]))
    print(", ".join(f"{name} {number}" for name, number in whole["versions"].items()))
    for name in asked.names or names():
        module = import_module(f"benchmarks.{name}")
        lacking = missing(asked.data, getattr(module, "NEEDS", ()))
        if lacking and asked.names:
            parser.error(f"{name} needs --data. {lacking}")
        if not asked.names and getattr(module, "LONG", False):
            lacking = "It takes long; name it."
        print(f"\n== {name}: {f'skipped. {lacking}' if lacking else _title(module)}", flush=True)
        if not lacking:
            whole["measurements"][name] = _measured(module, vars(asked))
            if asked.json is not None:
                write_json(asked.json, whole)
    return 0


def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(",")]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _number(text: str) -> int:
    if not text.strip().replace("_", "").isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"whole numbers from 1 on are wanted, not {text!r}")
    return int(text)


def _title(module: Any) -> str:
    return (module.__doc__ or "").strip().splitlines()[0]


def _titles() -> str:
    """Return a line for each measurement, read without importing any: that would take seconds."""
    titles = {path.stem: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
              for path in sorted(HERE.glob("[a-z]*.py"))}
    return "\n".join(f"{name:<12} {(title or '').splitlines()[0]}" for name, title in titles.items())


def _measured(module: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Run a measurement with what it takes; return its figures and all that it printed."""
    taken = {name: asked[name] for name in inspect.signature(module.run).parameters
             if name == "data" or asked.get(name) is not None}
    both = _Both(sys.stdout)
    with contextlib.redirect_stdout(both):
        figures = module.run(**taken)
    return {"title": _title(module), "figures": figures, "printed": both.getvalue()}


class _Both(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(text)
        return super().write(text)

    def flush(self) -> None:
        self.stream.flush()


if __name__ == "__main__":
    sys.exit(main())
