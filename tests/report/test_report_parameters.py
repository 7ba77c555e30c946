import numpy as np
import pytest
from nbformat import v4

from workbench.errors import ParameterError
from workbench.report.parameters import Parameter, check_parameters, declared_parameters


def notebook(source, tags=("parameters",)):
    return v4.new_notebook(cells=[v4.new_code_cell(source, metadata={"tags": list(tags)})])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("name: str", Parameter("name", "str", required=True)),
        ("name: str = 'x'", Parameter("name", "str", default="x")),
        ("name: str | None = None", Parameter("name", "str", optional=True)),
        ("name: None | int = 3", Parameter("name", "int", optional=True, default=3)),
        ("name: float = 1", Parameter("name", "float", default=1.0)),
        ("name: bool = False", Parameter("name", "bool", default=False)),
        ("name: list[str] = ['a']", Parameter("name", "list[str]", default=["a"])),
        ("name = 3", Parameter("name", "int", default=3)),
        ("name = None", Parameter("name", "str", optional=True)),
        ("name: 'str' = 'x'  # a comment", Parameter("name", "str", default="x")),
    ],
)
def test_declarations_are_read(source, expected):
    assert declared_parameters(notebook(source)) == [expected]


def test_cells_without_the_tag_declare_nothing():
    assert declared_parameters(notebook("name: str = 'x'", tags=())) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("name: str = ", "not Python: .* in line 1"),
        ("name: dict = {}", "declared as dict; use one of str, int"),
        ("name: int | str = 1", "declared as int | str"),
        ("name: str = open('x').read()", "must be a plain value"),
        ("name: int = 'many'", "default of a parameter does not fit"),
    ],
)
def test_unreadable_declarations_are_refused(source, message):
    with pytest.raises(ParameterError, match=message):
        declared_parameters(notebook(source))


@pytest.mark.parametrize(
    ("type_name", "optional", "given", "expected"),
    [
        ("str", False, "007", "007"),
        ("str", False, "null", "null"),
        ("str", True, "null", None),
        ("str", True, None, None),
        ("int", False, "12", 12),
        ("int", False, "-3", -3),
        ("int", False, np.int64(12), 12),
        ("int", True, "None", None),
        ("float", False, "1e3", 1000.0),
        ("float", False, 2, 2.0),
        ("float", False, np.float32(0.5), 0.5),
        ("bool", False, "true", True),
        ("bool", False, "No", False),
        ("bool", False, True, True),
        ("list[str]", False, "a, b", ["a", "b"]),
        ("list[str]", False, '["a,b", "ت"]', ["a,b", "ت"]),
        ("list[str]", False, ("a",), ["a"]),
    ],
)
def test_values_are_converted_by_the_declared_type(type_name, optional, given, expected):
    value = check_parameters([Parameter("name", type_name, optional)], {"name": given})["name"]
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("type_name", "given"),
    [
        ("str", 7),
        ("str", None),
        ("int", "1e3"),
        ("int", 1.5),
        ("int", True),
        ("float", "many"),
        ("float", "nan"),
        ("float", False),
        ("bool", "1"),
        ("bool", 1),
        ("list[str]", [1]),
        ("list[str]", "[broken"),
        ("list[str]", {"a": 1}),
    ],
)
def test_values_of_another_type_are_refused(type_name, given):
    words = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false"}
    with pytest.raises(ParameterError, match=rf"'name' takes {words.get(type_name, 'texts')}.*; found .*\.$"):
        check_parameters([Parameter("name", type_name)], {"name": given})


def test_unknown_names_are_refused_with_the_nearest_and_the_list():
    declared = [Parameter("language", "str"), Parameter("market", "str")]
    with pytest.raises(ParameterError, match=r"'languge' \(did you mean 'language'\?\); it has language, market"):
        check_parameters(declared, {"languge": "fa"})


def test_a_required_parameter_must_be_given():
    with pytest.raises(ParameterError, match="needs a value for study: str"):
        check_parameters([Parameter("study", "str", required=True)], {})
