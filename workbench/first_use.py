"""Packages whose names are imported when they are first asked for, so that nobody waits for what is never used.

A package lists its names as it would anyway, but for type checkers alone::

    if TYPE_CHECKING:
        from workbench.themes.find import Themes, find_themes

    __all__ = ["Themes", "find_themes"]
    __getattr__, __dir__ = on_first_use(__name__, __file__)
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


def on_first_use(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package whose imports stand under ``if TYPE_CHECKING``.

    None of its names may be the name of a module in it: the module would stand in its place once it is imported.

    Parameters
    ----------
    package, file
        The package's ``__name__`` and ``__file__``.

    Examples
    --------
    >>> from workbench import language
    >>> find, names = on_first_use("workbench.language", language.__file__)
    >>> find("tokenise")("Late again", "en"), "tokenise" in names()
    (['Late', 'again'], True)
    """

    def find(name: str) -> Any:
        home = _homes(file).get(name) if not name.startswith("__") else None
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *_homes(file)})

    return find, names


@cache
def _homes(file: str) -> dict[str, str]:
    """Return name to module of everything that a package imports for type checkers alone."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {alias.name: node.module for block in blocks for node in block.body
            if isinstance(node, ast.ImportFrom) and node.module for alias in node.names}
