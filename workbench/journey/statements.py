"""Example statements of a journey model: one text file a language, under headings of stage and touchpoint."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.errors import JourneyModelError, did_you_mean

UNRELATED = "unrelated"
ANY = "-"
_NOUNS = ("stage", "touchpoint")


def read_statements(folder: Path, stages: list[str], touchpoints: list[str],
                    given: pd.DataFrame | None = None) -> list[tuple[str, str, str, str]]:
    """Return the examples of a folder as rows of stage, touchpoint, language and text.

    A file is called after its language, such as ``fa.txt``. A line in brackets is a heading: a stage, a touchpoint,
    or both, with ``-`` for either that the examples under it leave open; ``[unrelated]`` heads sentences of no stage
    and no touchpoint. Every other line is one example. Empty lines and lines that begin with ``#`` are skipped.

    Parameters
    ----------
    folder
        Where the files lie.
    stages, touchpoints
        The ids that a heading may name.
    given
        Examples that the model gives beside: ``text``, ``stage_id``, ``touchpoint_id``.

    Raises
    ------
    JourneyModelError
        With file and line: a heading names something else, an example stands before the first heading, or one is
        given for two stages or two touchpoints. Or a file is no UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "fa.txt").write_text("[action delivery]\\nپیک دیر آمد\\n[unrelated]\\nباران می‌بارد\\n", "utf-8")
    >>> [row[:3] for row in read_statements(folder, ["action"], ["delivery"])]
    [('action', 'delivery', 'fa'), ('unrelated', 'unrelated', 'fa')]
    """
    rows, seen = [], _seen(given)
    for file in sorted(folder.glob("*.txt")):
        heading: tuple[str, str] | None = None
        for number, line in enumerate(_lines(file), start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if text.startswith("[") and text.endswith("]"):
                heading = _heading(text[1:-1].split(), stages, touchpoints, f"{file.name}:{number}")
            elif heading is None:
                raise JourneyModelError(f"{file.name}:{number}: an example stands before the first heading; write one "
                                        "such as [stage touchpoint] above it.")
            else:
                _check_once(seen, text, heading, f"{file.name}:{number}")
                rows.append((*heading, file.stem, text))
    return rows


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise JourneyModelError(f"The examples in {file} cannot be read as UTF-8 text.") from None


def _seen(given: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """Return the stage and the touchpoint that each text is given for, as far as it is given for one."""
    if given is None:
        return {}
    return {(noun, text.strip().casefold()): one for noun in _NOUNS
            for text, one in zip(given["text"], given[f"{noun}_id"], strict=True) if one}


def _check_once(seen: dict[tuple[str, str], str], text: str, heading: tuple[str, str], where: str) -> None:
    for noun, one in zip(_NOUNS, heading, strict=True):
        other = one if one == ANY else seen.setdefault((noun, text.casefold()), one)
        if other != one:
            raise JourneyModelError(f"{where}: this example is given for {other!r} too; keep it in one.")


def _heading(words: list[str], stages: list[str], touchpoints: list[str], where: str) -> tuple[str, str]:
    if words == [UNRELATED]:
        return UNRELATED, UNRELATED
    if len(words) != 2:
        raise JourneyModelError(f"{where}: a heading names a stage and a touchpoint, such as [{stages[0]} -].")
    for word, known, noun in ((words[0], stages, "stage"), (words[1], touchpoints, "touchpoint")):
        if word not in (*known, ANY):
            raise JourneyModelError(f"{where}: there is no {noun} {word!r}{did_you_mean(word, known)}.")
    return words[0], words[1]
