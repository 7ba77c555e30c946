"""Everything that can go wrong on purpose, drawn as a tree.

* WorkbenchError
    * InputError            what the user gave is wrong; `voc` ends with exit code 2
        * FeedbackError     a file of comments cannot be read as a whole
        * StudyError        a study file or a setting in it is wrong
        * ParameterError    a notebook parameter is unknown or has the wrong type
        * EncoderError      an encoder cannot be loaded
        * JourneyModelError a journey model file is wrong
        * StoreError        a stored analysis cannot be read
        * ClusterError      a cluster cannot be reached, is lost, or cannot do its part
    * DiskError             a disk is full, cannot be written, or lacks rights; `voc` ends with exit code 1
    * ReportError           a notebook ran and failed; `voc` ends with exit code 1

Messages say what was expected, what was found and what to do next. They name columns, settings, files and
row numbers, never a customer's words.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

_LONGEST_SHOWN: Final = 80  # characters of a wrong value


class WorkbenchError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(WorkbenchError):
    """What the user gave is wrong: a file, a setting, a parameter or a name."""


class FeedbackError(InputError):
    """A file of comments cannot be read as a whole."""


class StudyError(InputError):
    """A study file, or a setting in it, is wrong."""


class ParameterError(InputError):
    """A notebook parameter is unknown, missing or of the wrong type."""


class EncoderError(InputError):
    """An encoder cannot be loaded."""


class JourneyModelError(InputError):
    """A journey model file is wrong."""


class StoreError(InputError):
    """A stored analysis cannot be read."""


class ClusterError(InputError):
    """A cluster cannot be reached, is lost, or cannot do its part."""


class DiskError(WorkbenchError):
    """What was made cannot be written: the disk is full or only to be read, or rights are missing."""


class ReportError(WorkbenchError):
    """A notebook was executed and did not finish."""


def not_written(message: str, error: OSError, wrong: type[InputError]) -> WorkbenchError:
    """Return what to raise where something cannot be written: the place is wrong, or else the disk does not allow it.

    Parameters
    ----------
    message
        What could not be written, and why.
    error
        What the system says.
    wrong
        The kind of error where there is no such place.

    Examples
    --------
    >>> not_written("a.csv cannot be written: disk full.", OSError(28, "disk full"), FeedbackError)
    DiskError('a.csv cannot be written: disk full.')
    >>> not_written("a/b.csv cannot be written: no folder a.", FileNotFoundError(2, "no folder a"), FeedbackError)
    FeedbackError('a/b.csv cannot be written: no folder a.')
    """
    is_no_place = isinstance(error, FileNotFoundError | FileExistsError | IsADirectoryError | NotADirectoryError)
    return (wrong if is_no_place else DiskError)(message)


def shown(value: object) -> str:
    """Return a wrong value as a message tells it: on one line, and cut where it is long.

    Examples
    --------
    >>> shown("dayly"), len(shown("x" * 1000))
    ("'dayly'", 81)
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}\u2026"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the nearest choice, or an empty string.

    Parameters
    ----------
    word
        What the user typed.
    choices
        What would have been accepted.

    Examples
    --------
    >>> did_you_mean("languge", ["language", "market"])
    " (did you mean 'language'?)"
    >>> did_you_mean("zzz", ["language"])
    ''
    """
    nearest = difflib.get_close_matches(str(word), list(choices), n=1, cutoff=0.6)
    return f" (did you mean {nearest[0]!r}?)" if nearest else ""
