"""Still pictures of charts, for readers without scripts and for print: drawn once, and kept where a folder is named.

Drawing takes longer than all else that a chart takes, and a chart that has not changed has the same picture.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
STILL_WIDTH = 620  # pixels; a still cannot know the width of its page
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def still_picture(spec: dict[str, Any], kept: Path | None = None) -> str:
    """Return a chart as an SVG picture.

    Parameters
    ----------
    spec
        The chart's specification, with its data in it.
    kept
        A folder of pictures by what they show and what drew them: one that is there is read, another is drawn and
        added to it, if it can be written. None keeps nothing.

    Examples
    --------
    >>> import tempfile
    >>> spec = {"data": {"values": [{"theme": "قیمت"}]}, "mark": "bar", "encoding": {"y": {"field": "theme"}}}
    >>> folder = Path(tempfile.mkdtemp()) / "stills"
    >>> still_picture(spec, folder) == still_picture(spec, folder), len(list(folder.iterdir()))
    (True, 1)
    """
    still = _still_form(spec)
    if kept is None:
        return _draw(still)
    file = kept / f"{_key(still)}.svg"
    picture = _read(file)
    if picture is None:
        picture = _draw(still)
        _write(file, picture)
    return picture


def still_specification(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification for a still picture, which cannot know the width of its page; fonts are made ready."""
    _register_fonts()
    return _still_form(spec)


def _still_form(spec: dict[str, Any]) -> dict[str, Any]:
    still: dict[str, Any] = _drawable(spec)
    if still.get("width") == "container":
        still["width"] = STILL_WIDTH
    if still.get("height") == "container":
        still["height"] = STILL_WIDTH // 2
    return still


def _drawable(part: Any) -> Any:
    """Return a copy of a part of a chart without signs that no SVG can hold: drawing one ends the whole process."""
    if isinstance(part, dict):
        return {key: _drawable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return _NOT_IN_XML.sub("", part) if isinstance(part, str) else part


def _draw(still: dict[str, Any]) -> str:
    import vl_convert

    _register_fonts()
    return str(vl_convert.vegalite_to_svg(still, allowed_base_urls=[]))


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


def _key(still: dict[str, Any]) -> str:
    text = json.dumps(still, ensure_ascii=False)
    return hashlib.sha256(f"{_tools()} {text}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def _tools() -> str:
    """Return what decides how a specification is drawn: the drawing library and the shipped letters."""
    import vl_convert

    letters = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(FONTS.glob("*.ttf"))]
    return " ".join([vl_convert.__version__, *letters])  # type: ignore[attr-defined]


def _read(file: Path) -> str | None:
    """Return a kept picture; nothing where there is none, or only a part of one."""
    try:
        picture = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return picture if picture.startswith("<svg") and picture.rstrip().endswith("</svg>") else None


def _write(file: Path, picture: str) -> None:
    """Keep a picture, whole or not at all; where the folder is gone or cannot be written, it is drawn again next time.

    The folder above it is not made: it belongs to an analysis, which another process may have removed.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        draft.write_text(picture, encoding="utf-8")
        os.replace(draft, file)
