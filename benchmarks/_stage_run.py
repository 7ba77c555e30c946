"""One analysis in a process of its own, with parts of stages timed beside the stages: ``_stage_run STUDY``.

Lines are appended to the file that VOC_TIMINGS names. A part that runs within itself is counted once.
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from workbench.timings import timed

PARTS = {
    "duplicates": "workbench.feedback.duplicates:mark_duplicates",
    "identify": "workbench.language.identify:identify_languages",
    "split": "workbench.language.split:split_statements",
    "neighbours": "workbench.themes.neighbours:nearest_neighbours",
    "graph": "workbench.themes.neighbours:fuzzy_graph",
    "resolution": "workbench.themes.resolution:natural_resolution",
    "communities": "workbench.themes.communities:communities",
    "resample": "workbench.themes.communities:resample",
    "describe": "workbench.themes.describe:describe",
    "stability passport": "workbench.themes.passport:measure_passport",
}
PACKAGES = ("workbench.insights",)  # every public function of these is a part


def watch_parts() -> list[str]:
    """Put a clock around each part, wherever it was imported to; return those that are gone."""
    gone, found = [], {}
    for name, place in PARTS.items():
        module, _, attribute = place.partition(":")
        part = getattr(import_module(module), attribute, None)
        if part is None:
            gone.append(name)
        else:
            found[part] = _clocked(name, part)
    for package in map(import_module, PACKAGES):
        public = {name: getattr(package, name) for name in package.__all__}
        found.update({part: _clocked(name, part) for name, part in public.items() if inspect.isfunction(part)})
    for module in [module for name, module in sys.modules.items() if name.startswith("workbench")]:
        for name, value in list(vars(module).items()):
            if inspect.isfunction(value) and value in found:
                setattr(module, name, found[value])
    return gone


def _clocked(name: str, part: Callable[..., Any]) -> Callable[..., Any]:
    inside = threading.local()

    @functools.wraps(part)
    def run(*given: Any, **named: Any) -> Any:
        if getattr(inside, "running", False):
            return part(*given, **named)
        inside.running = True
        try:
            with timed(f"- {name}"):
                return part(*given, **named)
        finally:
            inside.running = False

    return run


def main(study: str) -> None:
    import workbench.stages  # noqa: F401  # what imports the parts is there before they are replaced
    from workbench.analysis import analyse

    for package in ("feedback", "language", "embedding", "themes", "journey", "insights"):
        import_module(f"workbench.{package}")
    gone = watch_parts()
    if gone:
        print("Not measured, since there is no such function now: " + ", ".join(gone))
    analyse(study, processes=1, progress=False)  # a part is timed where it runs


if __name__ == "__main__":
    main(sys.argv[1])
