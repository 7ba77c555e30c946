"""The parts of a study file: where comments are, and how themes, journeys and insights are made of them."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address
from math import inf
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from workbench.columns import COMMENTS, names
from workbench.errors import FeedbackError, did_you_mean, shown
from workbench.feedback.unpacking import UNPACKED_GB

Dimension = Literal["market", "language", "channel", "stage", "touchpoint", "segment", "source"]

_MOST_STATEMENTS = 200_000  # a fit to more needs more than 2 GB of memory


class Settings(BaseModel):
    """Settings are strict: nothing unknown, nothing mistyped."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Source(Settings):
    """One file, folder, pattern or database query, and what its columns are called.

    ``columns`` maps a contract name to the file's own name for it; ``constants`` fills a column with one value. Of a
    workbook the sheet named ``sheet`` is read, or the first one. A workbook or a Parquet file that unpacks to more than
    ``unpacked_gb`` gigabytes is not read: two hold a million comments of two thousand characters. A database has its
    address as ``path``, a ``query``, and the name of the environment variable that holds the password as
    ``password_env``. A source of ``kind: numbers`` holds no comments but numbers that stand beside them.
    """

    path: str
    kind: Literal["comments", "numbers"] = "comments"
    sheet: str | None = Field(default=None, min_length=1)
    query: str | None = Field(default=None, min_length=1)
    password_env: str | None = Field(default=None, min_length=1)
    unpacked_gb: float = Field(default=UNPACKED_GB, gt=0, allow_inf_nan=False)
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @field_validator("constants", mode="before")
    @classmethod
    def _values(cls, constants: Any) -> Any:
        for name, value in constants.items() if isinstance(constants, dict) else ():
            if not isinstance(value, str | int | float):
                raise ValueError(f"{shown(name)}: expected a text, a number, or true or false")
        return constants

    @model_validator(mode="after")
    def _known_columns(self) -> Source:
        known = names(COMMENTS)
        for name in self.columns:
            if self.kind == "comments" and name not in known:
                raise ValueError(f"{shown(name)} is not a column of the comments table{did_you_mean(name, known)}")
        return self

    @model_validator(mode="after")
    def _whole_database(self) -> Source:
        if "://" not in self.path:
            if self.query is not None or self.password_env is not None:
                raise ValueError("query and password_env go with the address of a database as path, "
                                 "such as sqlite:///file.db")
            return self
        from workbench.feedback.databases import check_address

        if self.sheet is not None:
            raise ValueError("a database has no sheet; its query says what is read")
        try:
            check_address(self.path)
        except FeedbackError as error:
            raise ValueError(str(error).rstrip(".")) from None
        if self.query is None:
            raise ValueError("a database needs a query, such as query: SELECT * FROM reviews ORDER BY id")
        return self


class GivenTheme(Settings):
    """A theme that people name before any is found, by words and by example comments in any languages."""

    name: str = Field(min_length=1)
    words: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _something(self) -> GivenTheme:
        if not any(text.strip() for text in (*self.words, *self.examples)):
            raise ValueError("a given theme needs words or examples")
        return self


class ThemeSettings(Settings):
    """How themes are found.

    ``given`` goes with the methods guided and zero_shot; ``column``, a column of the comments that names the theme of
    each, with manual. ``refit: false`` finds no themes: comments are given to those that were found before.
    """

    method: Literal["graph", "umap_hdbscan", "kmeans", "guided", "zero_shot", "manual"] = "graph"
    given: list[GivenTheme] = Field(default_factory=list)
    column: str | None = Field(None, min_length=1)
    match: float | None = Field(None, gt=0, lt=1, description="least similarity to a given theme's words")
    refit: bool = True
    resolution: float | Literal["auto"] = Field("auto", description="higher gives more and smaller themes")
    count: int | None = Field(None, ge=1, le=1000, description="about so many themes, in place of a resolution")
    minimum_size: int = Field(8, ge=2, description="fewer comments than this do not make a theme")
    neighbours: int = Field(20, ge=2)
    floor: float | None = Field(None, ge=0, lt=1, description="least similarity to a theme's centre")
    seed: int = Field(0, ge=0)
    sample: int | Literal["auto", "all"] = Field(
        "auto", description="statements that themes are found on, all others given to them; auto: all up to 200,000")
    remove_language: bool = Field(True, description="whether what all statements of a language share is taken out")

    @field_validator("resolution", mode="before")
    @classmethod
    def _resolution(cls, value: Any) -> Any:
        if value != "auto" and not (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < inf):
            raise ValueError("this is a number above 0, or auto")
        return float(value) if value != "auto" else value

    @field_validator("sample", mode="before")
    @classmethod
    def _sample(cls, value: Any) -> Any:
        if value not in ("auto", "all") and not (type(value) is int and value >= 2):
            raise ValueError("this is a number of statements, 2 or more, or all, or auto")
        return value

    def sample_size(self, statements: int) -> int:
        """Return on how many of so many statements themes are found, 2 at least.

        Examples
        --------
        >>> ThemeSettings().sample_size(150_000), ThemeSettings().sample_size(1_600_000)
        (150000, 200000)
        >>> ThemeSettings(sample=500).sample_size(150_000), ThemeSettings(sample="all").sample_size(1_600_000)
        (500, 1600000)
        """
        if self.sample == "all" or self.method == "manual":
            return max(statements, 2)
        return max(min(statements, _MOST_STATEMENTS if self.sample == "auto" else self.sample), 2)

    @model_validator(mode="after")
    def _one_wish(self) -> ThemeSettings:
        if self.count is not None and self.resolution != "auto":
            raise ValueError("count and resolution both say how many themes there are: give one of them")
        if self.method == "kmeans" and self.count is None:
            raise ValueError("the method kmeans needs count, the number of themes")
        return self

    @model_validator(mode="after")
    def _what_is_given(self) -> ThemeSettings:
        by_words = self.method in ("guided", "zero_shot")
        if by_words != bool(self.given):
            raise ValueError(f"the method {self.method} needs given, a list of themes" if by_words else
                             "given goes with the methods guided and zero_shot")
        if self.method == "manual" and isinstance(self.sample, int):
            raise ValueError("the method manual finds nothing, so that it needs no sample")
        if (self.method == "manual") != (self.column is not None):
            raise ValueError("the method manual needs column, which names the theme of each comment"
                             if self.method == "manual" else "column goes with the method manual")
        names = [theme.name for theme in self.given]
        if len(set(names)) < len(names):
            raise ValueError("two given themes have one name")
        return self


class LabelSettings(Settings):
    """Whether a language model proposes labels: off unless an endpoint that speaks OpenAI's protocol is named."""

    endpoint: str | None = Field(None, description="address such as http://localhost:8080/v1")
    model: str | None = Field(None, min_length=1, description="name of the model at the endpoint")
    key_env: str | None = Field(None, min_length=1, description="environment variable that holds the key")
    languages: list[str] = Field(["en", "ar", "fa"], min_length=1, description="languages to ask for")
    timeout: float = Field(30.0, gt=0, le=600, description="seconds for one answer")
    attempt: int = Field(1, ge=1, description="raise it to ask again for what was refused or failed")

    @model_validator(mode="after")
    def _whole_endpoint(self) -> LabelSettings:
        if self.endpoint is None:
            return self
        address = urlsplit(self.endpoint)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("the endpoint of labels is an address that starts with http:// or https://")
        if address.username or address.password or address.query:
            raise ValueError("the endpoint of labels holds no key; name the variable that holds it as key_env")
        if self.model is None:
            raise ValueError("an endpoint of labels needs the name of a model")
        if address.scheme == "http" and not _is_near(address.hostname):
            raise ValueError("the endpoint of labels is outside this network, where http:// can be read by others; "
                             "give an address that starts with https://")
        return self


def _is_near(host: str) -> bool:
    """Return whether a host is this machine, or one of its own network by its name or number."""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


class QualitySettings(Settings):
    """How the themes are examined, and from where on a measure is a warning."""

    resamples: int = Field(5, ge=0, description="times that themes are found again without a fifth of the customers")
    seeds: int = Field(3, ge=0, description="times that themes are found again with another seed")
    most_statements: int = Field(20_000, ge=0, description="with more statements than this, nothing is found again")
    parallel: str | None = Field(None, description="column with one id for comments that say the same")
    stability: float = Field(0.5, ge=0, le=1, description="a theme found again less than this is unstable")
    coherence: float = Field(0.05, ge=-1, le=2, description="least NPMI of terms above that of different themes")
    diversity: float = Field(0.7, ge=0, le=1, description="least share of terms that only one theme has")
    coverage: float = Field(0.7, ge=0, le=1, description="least share of comments that have a theme")
    largest_share: float = Field(0.3, ge=0, le=1, description="largest share of comments for one theme")
    gini: float = Field(0.7, ge=0, le=1, description="greatest inequality of the themes' sizes")
    duplicate_similarity: float = Field(0.8, ge=-1, le=1, description="centres so similar may be one theme")
    duplicate_terms: float = Field(0.3, ge=0, le=1, description="... if they share so much of their terms")
    stop_word_share: float = Field(0.75, ge=0, le=1, description="greatest share of words that say nothing")
    customer_share: float = Field(0.5, ge=0, le=1, description="greatest share of comments from one customer")
    template_share: float = Field(0.5, ge=0, le=1, description="greatest share of comments with one wording")


class JourneySettings(Settings):
    """Which journey model is used (shipped, or beside the study), human codes, and how journeys in time are told."""

    model: str = "seven_stages"
    codes: str | None = Field(None, description="CSV file of human codes of statements, beside the study")
    coverage: float = Field(0.9, gt=0.5, lt=1, description="how often a prediction set holds the coded stage")
    episode_gap_days: int = Field(30, ge=1, description="a longer pause of a customer begins a new episode")
    loyal_after: int = Field(1, ge=1, description="good answers in a row that make a customer loyal")
    last_day: date | None = Field(None, description="comments of later days are not in a journey; today by default")

    @field_validator("last_day")
    @classmethod
    def _gregorian(cls, day: date | None) -> date | None:
        if day is not None and day.year < 1900:
            raise ValueError("give this day in the Gregorian calendar, such as 2026-10-31")
        return day


class ToneSettings(Settings):
    """What tells the tone of statements: the shipped model, or a transformers model in a folder beside the study."""

    model: str = "shipped"
    own_scores: bool = Field(True, description="whether the shipped model also learns from the study's scores")


class InsightSettings(Settings):
    """How results are counted and hidden."""

    confidence: float = Field(0.95, gt=0.5, lt=1)
    minimum_cell: int = Field(5, ge=1, description="cells of fewer comments and themes of fewer customers are hidden")
    period: Literal["week", "month", "quarter"] = "month"
    count_duplicates: bool = Field(False, description="whether a comment that repeats another counts in shares")


class Decision(Settings):
    """A question that the study is to decide, and the voice that it takes.

    ``cells`` names the values of a dimension that must be heard, each with shares as precise as ``precision``;
    ``purpose`` the values of ``collected_for`` or ``question`` that fit; ``population`` how many customers there are.
    """

    name: str = Field(min_length=1)
    cells: dict[Dimension, list[str]] = Field(default_factory=dict)
    precision: float = Field(0.05, gt=0, lt=0.5)
    purpose: list[str] = Field(default_factory=list)
    population: int | None = Field(None, ge=1)
