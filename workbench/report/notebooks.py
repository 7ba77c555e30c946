"""Find the notebook that a name means, and read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import workbench
from workbench.errors import InputError, did_you_mean
from workbench.report.kernel import skip_slow_import


def notebook_folders() -> list[Path]:
    """Return the folders in which a notebook's name is looked up, in order: one's own, then the package's."""
    package = Path(workbench.__file__).resolve().parent
    shipped = package / "notebooks"
    return [Path("notebooks"), shipped if shipped.is_dir() else package.parent / "notebooks"]


def find_notebook(notebook: str | Path) -> Path:
    """Return the file of a notebook.

    Parameters
    ----------
    notebook
        A name such as ``"voice_of_customer"``, or the path of an ``.ipynb`` file.

    Raises
    ------
    InputError
        When there is no such file or no notebook of that name.

    Examples
    --------
    >>> find_notebook("صدای_مشتری.ipynb")
    Traceback (most recent call last):
    workbench.errors.InputError: there is no notebook file صدای_مشتری.ipynb.
    """
    path = Path(notebook)
    if path.suffix == ".ipynb":
        if path.is_file():
            return path.resolve()
        raise InputError(f"there is no notebook file {path}.")
    found = {path.stem: path for path in _known_notebooks()}
    if str(notebook) not in found:
        has = ", ".join(sorted(found)) or "none"
        folders = " and ".join(str(folder) for folder in notebook_folders())
        hint = did_you_mean(str(notebook), found)
        raise InputError(f"there is no notebook named {str(notebook)!r}{hint}; {folders} hold {has}.")
    return found[str(notebook)].resolve()


def read_notebook(path: Path) -> Any:
    """Return the notebook (nbformat 4).

    Raises
    ------
    InputError
        When the file is not a notebook.
    """
    skip_slow_import()
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError, AttributeError) as error:
        raise InputError(f"{path} is not a Jupyter notebook (.ipynb, nbformat 4).") from error


def _known_notebooks() -> Iterator[Path]:
    for folder in reversed(notebook_folders()):
        yield from sorted(folder.glob("*.ipynb"))
