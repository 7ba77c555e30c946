"""Find the notebook that a name means, read it, and know those that come with the package."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import workbench
from workbench.arguments import check_path
from workbench.errors import InputError, did_you_mean
from workbench.report.kernel import skip_slow_import

# SHA-256 of the code of each notebook that comes with the package: it reads the analysis, and nothing else.
_CODE: Final = {
    "adequacy": "dbc30dca5b6c48ca8396f78dbddef0e70785521eb2acf937b8f589f1210b8def",
    "drivers": "25e8f4cc4e58aefda6b75a05daead1f04e9816e0abf3eb6ed84e9bde7e7546d7",
    "executive": "4be86170732f562c0be75111f99c1f495d45842762cd67180cd3a94297c308ce",
    "frontline": "9d8ad69c0b3d73d25a399ee3450528f3ced53651d4ff8c9a50bed46a467fc214",
    "journey": "78f901be97bda2c0313e18a532696af18cd1a51074c4b31eb54827eed983fb26",
    "themes": "8cdd36cfecfee613a8d9e2538d6162f4201c2f36b5b2b99bb6ce18d376f535f6",
    "trends": "a6ffe6971eb413192ed02bf074a5755a36d1de1627c533fca76b06a1bd149263",
    "voice_of_customer": "8126a0983fde0cf6ede8440ee16661b6e413410a573d7f9974dfeb8791a4994d",
}


def notebook_folders() -> list[Path]:
    """Return the folders in which a notebook's name is looked up, in order: one's own, then the package's."""
    return [Path("notebooks"), _package_folder()]


def comes_with_package(path: Path, notebook: Any) -> bool:
    """Return whether a notebook is one of the package's, where it came to lie, and its code as it came.

    Parameters
    ----------
    path
        As `find_notebook` returns it.
    notebook
        As `read_notebook` returns it.

    Examples
    --------
    >>> path = find_notebook("voice_of_customer")
    >>> notebook = read_notebook(path)
    >>> comes_with_package(path, notebook), comes_with_package(Path("voice_of_customer.ipynb").absolute(), notebook)
    (True, False)
    """
    return path.parent == _package_folder() and _CODE.get(path.stem) == code_digest(notebook)


def code_digest(notebook: Any) -> str:
    """Return a SHA-256 of a notebook's code, cell by cell; prose and outputs do not count."""
    cells = [(cell.source, list(cell.metadata.get("tags", []))) for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(repr(cells).encode("utf-8", "surrogatepass")).hexdigest()


def _package_folder() -> Path:
    package = Path(workbench.__file__).resolve().parent
    shipped = package / "notebooks"
    return shipped if shipped.is_dir() else package.parent / "notebooks"


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
    check_path("notebook", notebook)
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
