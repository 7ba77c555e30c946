"""Voice-of-Customer research workbench: open-text feedback in many languages in, a report to decide on out.

Every name here is loaded when it is first used, so that ``import workbench`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Analysis": "workbench.analysis",
    "Journey": "workbench.journey",
    "Page": "workbench.report.page",
    "Report": "workbench.report.render",
    "Study": "workbench.study",
    "Themes": "workbench.themes",
    "WorkbenchError": "workbench.errors",
    "analyse": "workbench.analysis",
    "embed": "workbench.embedding",
    "find_themes": "workbench.themes",
    "load_feedback": "workbench.feedback",
    "load_study": "workbench.study",
    "map_journey": "workbench.journey",
    "render_report": "workbench.report.render",
    "split_statements": "workbench.language",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
