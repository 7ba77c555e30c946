"""Which tables of an analysis a notebook asks for: read from its cells, so that they are made before it runs."""

from __future__ import annotations

import ast
from typing import Any


def wanted_tables(notebook: Any) -> list[str] | None:
    """Return the tables that a notebook names where it calls ``analyse``; None for all of them.

    All are wanted where it names none, names them in another way than as a plain list, or calls ``analyse`` several
    times.

    Parameters
    ----------
    notebook
        A notebook (nbformat 4).

    Examples
    --------
    >>> from nbformat import v4
    >>> def asking(source):
    ...     return wanted_tables(v4.new_notebook(cells=[v4.new_code_cell(source)]))
    >>> asking('analysis = wb.analyse(study, tables=["themes", "tone"])'), asking("analysis = wb.analyse(study)")
    (['themes', 'tone'], None)
    """
    calls = [call for cell in notebook.cells if cell.cell_type == "code" for call in _calls(cell.source)]
    given = {each.arg: each.value for each in calls[0].keywords} if len(calls) == 1 else {}
    try:
        return [str(name) for name in ast.literal_eval(given["tables"])]
    except (KeyError, ValueError, TypeError):
        return None


def _calls(source: str) -> list[ast.Call]:
    """Return the calls of ``analyse`` in a cell; of one with commands of IPython nothing is known."""
    try:
        nodes = ast.walk(ast.parse(source))
    except SyntaxError:
        return []
    return [node for node in nodes if isinstance(node, ast.Call)
            and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) == "analyse"]
