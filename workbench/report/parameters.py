"""A notebook's parameters: what its tagged cell declares, and whether what the user gave fits.

The cell is read, not executed, so a wrong parameter costs no kernel.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from os import PathLike, fspath
from typing import Any

from workbench.errors import ParameterError, did_you_mean, shown

_WORDS = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false",
          "list[str]": "texts with commas between"}
TYPES = tuple(_WORDS)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_NOTHING = ("null", "none", "")


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: its type (one of `TYPES`), whether it may be None, and its default."""

    name: str
    type: str
    optional: bool = False
    required: bool = False
    default: Any = None

    def __str__(self) -> str:
        """Return the declaration as the notebook writes it."""
        declared = f"{self.name}: {self.type}{' | None' if self.optional else ''}"
        return declared if self.required else f"{declared} = {self.default!r}"


def declared_parameters(notebook: Any) -> list[Parameter]:
    """Return what the notebook's cell tagged ``parameters`` declares, in order.

    Parameters
    ----------
    notebook
        A notebook (nbformat 4). ``name: type = value`` declares a default, ``name: type`` a required
        parameter; without a type, the default's own type counts.

    Raises
    ------
    ParameterError
        When the cell cannot be read, a type is not one of `TYPES`, or a default is not a plain value.

    Examples
    --------
    >>> from nbformat import v4
    >>> source = "study: str\\nlanguage: str = 'fa'\\nmarkets: list[str] = ['الأردن', 'تهران']\\ntop: int | None = None"
    >>> cell = v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    >>> [str(parameter) for parameter in declared_parameters(v4.new_notebook(cells=[cell]))]
    ['study: str', "language: str = 'fa'", "markets: list[str] = ['الأردن', 'تهران']", 'top: int | None = None']
    """
    source = "\n".join(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    )
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(f"the parameters cell is not Python: {error.msg} in line {error.lineno}.") from error
    return [parameter for statement in statements if (parameter := _declared(statement)) is not None]


def check_parameters(declared: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given parameters, each in its declared type.

    Parameters
    ----------
    declared
        From `declared_parameters`.
    given
        Values from Python, or texts from the command line: ``"12"`` for an ``int``, ``"true"`` for a ``bool``,
        ``"null"`` where None is allowed, ``"a,b"`` or ``'["a", "b"]'`` for a ``list[str]``.

    Raises
    ------
    ParameterError
        When a name is unknown, a required parameter is missing, or a value does not fit its type.

    Examples
    --------
    >>> declared = [Parameter("id", "str"), Parameter("top", "int"), Parameter("cities", "list[str]")]
    >>> check_parameters(declared, {"id": "007", "top": "12", "cities": "الأردن,تهران,Wien"})
    {'id': '007', 'top': 12, 'cities': ['الأردن', 'تهران', 'Wien']}
    >>> check_parameters(declared, {"tops": 1})
    Traceback (most recent call last):
    workbench.errors.ParameterError: the notebook has no parameter 'tops' (did you mean 'top'?); it has id, top, cities.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name in given:
        if name not in known:
            has = ", ".join(known) or "none"
            raise ParameterError(f"the notebook has no parameter {shown(name)}{did_you_mean(name, known)}; "
                                 f"it has {has}.")
    missing = [name for name, parameter in known.items() if parameter.required and name not in given]
    if missing:
        raise ParameterError(f"the notebook needs a value for {', '.join(str(known[name]) for name in missing)}.")
    return {name: _fitted(known[name], value) for name, value in given.items()}


def _declared(statement: ast.stmt) -> Parameter | None:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        name = statement.target.id
        type_name, optional = _type_of(name, ast.unparse(statement.annotation))
        if statement.value is None:
            return Parameter(name, type_name, optional, required=True)
        return _with_default(Parameter(name, type_name, optional), statement.value)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
        default = _literal(name, statement.value)
        written = "list[str]" if isinstance(default, list) else type(default).__name__
        type_name, optional = ("str", True) if default is None else _type_of(name, written)
        return _with_default(Parameter(name, type_name, optional), statement.value)
    return None


def _type_of(name: str, written: str) -> tuple[str, bool]:
    options = [option.strip().strip("'\"") for option in written.strip("'\"").split("|")]
    plain = [option for option in options if option != "None"]
    if len(plain) != 1 or plain[0] not in TYPES:
        raise ParameterError(
            f"the parameter {name!r} is declared as {written}; use one of {', '.join(TYPES)}, with '| None' if needed."
        )
    return plain[0], len(plain) < len(options)


def _literal(name: str, value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except ValueError as error:
        raise ParameterError(f"the default of the parameter {name!r} must be a plain value, not code.") from error


def _with_default(parameter: Parameter, value: ast.expr) -> Parameter:
    default = _literal(parameter.name, value)
    try:
        fitted = _fitted(parameter, default)
    except ParameterError as error:
        raise ParameterError(f"the default of a parameter does not fit its own type: {error}") from error
    return Parameter(parameter.name, parameter.type, parameter.optional, default=fitted)


def _fitted(parameter: Parameter, value: Any) -> Any:
    if parameter.optional and (value is None or (isinstance(value, str) and value.lower() in _NOTHING)):
        return None
    try:
        return _CONVERT[parameter.type](value)
    except (ValueError, TypeError):
        allowed = f"{_WORDS[parameter.type]}{' or null' if parameter.optional else ''}"
        raise ParameterError(f"the parameter {parameter.name!r} takes {allowed}; found {shown(value)}.") from None


def _text(value: Any) -> str:
    if isinstance(value, (str, PathLike)):
        return str(fspath(value))
    raise TypeError


def _whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (str, Integral)):
        raise TypeError
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, Real)):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise TypeError


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = json.loads(value) if value.lstrip().startswith("[") else [part.strip() for part in value.split(",")]
        value = [part for part in value if part != ""]
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return list(value)
    raise TypeError


_CONVERT = {"str": _text, "int": _whole_number, "float": _number, "bool": _flag, "list[str]": _texts}
