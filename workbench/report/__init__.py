"""A notebook and its parameters in, one HTML page that stands on its own out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.report.render import Report, render_report

__all__ = ["Report", "render_report"]

__getattr__, __dir__ = on_first_use(__name__, __file__)
