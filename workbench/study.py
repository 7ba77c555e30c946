"""What a study file may say, checked before anything runs.

A study is one YAML file: where the comments are, what their columns are called, and how to read them. Every
setting has a default but ``feedback``. An unknown or mistyped setting is an error with its line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator

from workbench.arguments import check_path
from workbench.errors import StudyError, did_you_mean, shown
from workbench.settings import (
    Decision,
    Dimension,
    GivenTheme,
    InsightSettings,
    JourneySettings,
    LabelSettings,
    QualitySettings,
    Settings,
    Source,
    ThemeSettings,
    ToneSettings,
)
from workbench.standing import USUAL_STORE
from workbench.yaml_lines import line_of, read_yaml, what_is_wrong

__all__ = ["Source", "Study", "load_study"]

_OF_COMMENTS = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".xls", ".ods")


class Study(Settings):
    """A checked study file.

    Attributes
    ----------
    folder : pathlib.Path
        Where the study file stands; relative paths in it start here.
    """

    name: str = Field(min_length=1)
    feedback: list[Source] = Field(min_length=1)
    unit: Literal["statement", "comment"] = "statement"
    encoder: str = "embedded"
    names: list[str] = Field(default_factory=list, description="names of companies and products, not embedded")
    themes: ThemeSettings = ThemeSettings()
    labels: LabelSettings = LabelSettings()
    quality: QualitySettings = QualitySettings()
    journey: JourneySettings = JourneySettings()
    tone: ToneSettings = ToneSettings()
    insights: InsightSettings = InsightSettings()
    expected: dict[Dimension, dict[str, float]] = Field(
        default_factory=dict, description="share of all customers in each cell, to tell who was hardly heard"
    )
    decisions: list[Decision] = Field(
        default_factory=list, description="what the study is to decide, to tell whether the voice is enough for it"
    )
    order_number: str | None = Field(None, description="regular expression of order numbers, taken out of quotes")
    digits: dict[Literal["ar", "fa"], Literal["latin", "persian", "arabic"]] = Field(
        default_factory=dict, description="digits of reports; without it, Persian ones in Persian and Latin in Arabic"
    )
    glossary: str | None = Field(None, description="CSV file of terms, beside the study")
    codebook: str | None = Field(None, description="YAML file of people's corrections to themes, beside the study")
    store: str = Field(USUAL_STORE, min_length=1, description="folder for stored analyses")
    path: Path = Field(exclude=True)

    @field_validator("expected")
    @classmethod
    def _shares(cls, expected: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for dimension, shares in expected.items():
            if any(not 0 <= share <= 1 for share in shares.values()) or sum(shares.values()) > 1.0001:
                raise ValueError(f"shares under {dimension!r} must be 0 to 1 and sum to 1 at most")
        return expected

    @field_validator("order_number")
    @classmethod
    def _pattern(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            raise ValueError(f"this is not a regular expression ({error.msg} at character {error.pos})") from None
        if compiled.match(""):
            raise ValueError("this pattern matches nothing at all, so it would match everywhere")
        return pattern

    @property
    def folder(self) -> Path:
        """Where the study file stands."""
        return self.path.parent

    @property
    def store_folder(self) -> Path:
        """Where analyses of this study are stored."""
        return self.folder / self.store

    @property
    def forgotten_file(self) -> Path:
        """The list of customers who asked to be forgotten, beside the store and not in it: stores are thrown away."""
        return self.store_folder.parent / "forgotten.csv"

    @property
    def ledger_file(self) -> Path:
        """What keeps the numbers of this study's themes, beside the store and not in it: stores are thrown away."""
        return self.store_folder.parent / f"{self.path.stem}.themes.json"

    @property
    def ledger_lock(self) -> Path:
        """What is held while a ledger changes; studies that share a store share it."""
        return self.store_folder / ".ledger.lock"

    @property
    def codebook_file(self) -> Path | None:
        """The codebook, if the study names one."""
        return None if self.codebook is None else self.folder / self.codebook

    @property
    def glossary_file(self) -> Path | None:
        """The glossary, if the study names one."""
        return None if self.glossary is None else self.folder / self.glossary

    @property
    def codes_file(self) -> Path | None:
        """The human codes of journey stages, if the study names any."""
        return None if self.journey.codes is None else self.folder / self.journey.codes

    def encoder_name(self) -> str:
        """Return the encoder's name; a local folder or file is found from the study's folder."""
        local = self.folder / self.encoder
        return str(local) if self.encoder != "embedded" and local.exists() else self.encoder

    def tone_model(self) -> str:
        """Return "shipped", or the folder of the tone model, found from the study's folder."""
        return self.tone.model if self.tone.model == "shipped" else str(self.folder / self.tone.model)

    def journey_model(self) -> str:
        """Return the journey model's name, or the path of the study's own file."""
        local = self.folder / self.journey.model
        return str(local) if local.is_file() else self.journey.model

    def with_themes(self, **settings: Any) -> Study:
        """Return the study with other settings of themes, such as ``sample=10_000`` or ``refit=False``.

        Raises
        ------
        StudyError
            If a setting is unknown or mistyped, or does not go with the others.
        """
        try:
            themes = ThemeSettings.model_validate({**self.themes.model_dump(), **settings})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            setting = ".".join(["themes", *map(str, first["loc"])])
            raise StudyError(f"{shown(setting)}: {what_is_wrong(first)}.") from None
        return self.model_copy(update={"themes": themes})


def load_study(path: str | Path) -> Study:
    """Return a checked study.

    Parameters
    ----------
    path
        A YAML file. ``feedback`` may be one path, or a list of paths or of mappings with ``path``, ``columns``,
        ``constants``, ``kind``, ``query`` and ``password_env``; a ``columns`` mapping at the top holds for every
        source of comments that has none.

    Raises
    ------
    StudyError
        If the file is missing, is not YAML, lacks a setting, or has one that is unknown or mistyped; the
        message names file and line, and the nearest known setting.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "study.yaml"
    >>> _ = file.write_text("name: One\\nfeedback: comments.csv\\nunitt: comment\\n")
    >>> load_study(file)
    Traceback (most recent call last):
    workbench.errors.StudyError: study.yaml:3: 'unitt' is not a setting (did you mean 'unit'?).
    """
    check_path("study", path)
    file = Path(path)
    if file.suffix.lower() in _OF_COMMENTS and file.is_file():
        raise StudyError(f"{file.name} is no study file: write `feedback: {file.name}` into one, such as study.yaml "
                         "beside it.")
    if file.is_dir():
        within = ", ".join(sorted(found.name for found in file.glob("*.y*ml"))[:5]) or "no .yaml file"
        raise StudyError(f"{file.name} is a folder, not a study file; in it there is {within}.")
    node, value = read_yaml(file, "study file", StudyError)
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, dict):
        raise StudyError(f"{file.name} is not a study: expected settings such as `name:` and `feedback:`.")
    settings = _unfold(value)
    try:
        return Study.model_validate({**settings, "path": file.resolve()})
    except ValidationError as error:
        raise StudyError(_first_message(file, node, error)) from None


def _unfold(settings: dict[str, Any]) -> dict[str, Any]:
    """Turn the short forms of ``feedback`` into a list of sources."""
    settings = dict(settings)
    columns = settings.pop("columns", None)
    feedback = settings.get("feedback")
    if isinstance(feedback, str | dict):
        feedback = [feedback]
    if isinstance(feedback, list):
        sources = [{"path": item} if isinstance(item, str) else item for item in feedback]
        if columns is not None:
            sources = [{"columns": columns, **item} if isinstance(item, dict) and item.get("kind") != "numbers"
                       else item for item in sources]
        settings["feedback"] = sources
    return settings


def _first_message(file: Path, node: yaml.Node, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    location = tuple(first["loc"])
    setting = ".".join(str(step) for step in location if step != "[key]")  # of a mapping, pydantic's word
    where = f"{file.name}:{line_of(node, location)}"
    if first["type"] == "extra_forbidden":
        return f"{where}: {shown(setting)} is not a setting{did_you_mean(str(location[-1]), _siblings(location))}."
    if first["type"] == "missing":
        return f"{where}: the setting {setting!r} is missing."
    return f"{where}: {shown(setting)}: {what_is_wrong(first)}."


def _siblings(location: tuple[int | str, ...]) -> list[str]:
    inner: dict[str, type[BaseModel]] = {
        "themes": ThemeSettings, "labels": LabelSettings, "quality": QualitySettings, "journey": JourneySettings,
        "tone": ToneSettings, "insights": InsightSettings, "feedback": Source, "decisions": Decision,
    }
    if location[:2] == ("themes", "given") and len(location) > 2:
        return list(GivenTheme.model_fields)
    if len(location) == 1:
        return ["columns", *(name for name in Study.model_fields if name != "path")]
    return list(inner.get(str(location[0]), Study).model_fields)
