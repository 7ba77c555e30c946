"""A notebook and its parameters in, one HTML page that stands on its own out."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Report": "workbench.report.render",
    "render_report": "workbench.report.render",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'workbench.report' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
