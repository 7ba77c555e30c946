"""A map of statements: many thousand points to move, enlarge, colour and read; a small script of its own draws it."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.charts.display import MAP_MIME, svg_address, with_receipt
from workbench.charts.look import PALETTE
from workbench.charts.numerals import direction_of
from workbench.errors import InputError

_STILL_POINTS = 20_000
_STILL_SIZE = 620  # pixels
_REACH = 32_000  # a place from -1 to 1 as a whole number of two bytes


@dataclass(frozen=True)
class Colouring:
    """One way to colour the points: what it is called, the kinds there are, and the kind of each point.

    Attributes
    ----------
    title
        Such as "Theme".
    names
        Of the kinds, in the order of the legend.
    codes
        Position in ``names`` of each point.
    """

    title: str
    names: Sequence[str]
    codes: np.ndarray


@dataclass(frozen=True, eq=False)
class PointMap:
    """A map of points with its description in words and its table; shows itself in a notebook.

    Parameters
    ----------
    places
        ``(n, 2)``, from -1 to 1.
    colourings
        At least one; the first is shown first.
    quotes
        Position of a point to the text that is shown for it: personal data taken out already.
    texts
        What buttons and the canvas are called: ``colour_by, enlarge, reduce, whole, all, help``.
    description
        What a reader who cannot see the map should know.
    table_html
        The numbers behind it, as safe HTML.
    title
        The heading above the map.
    language
        ISO 639-1 of the texts.

    Raises
    ------
    InputError
        If the description is empty, or points and codes are not equally many.
    """

    places: np.ndarray
    colourings: Sequence[Colouring]
    quotes: Mapping[int, str]
    texts: Mapping[str, str]
    description: str
    table_html: str
    title: str = ""
    language: str = "en"
    receipt: Mapping[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.description.strip():
            raise InputError("the map has no description; say in a sentence what it shows.")
        if any(len(each.codes) != len(self.places) for each in self.colourings):
            raise InputError("each point of a map needs one kind in every colouring.")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        still = self.still()
        shown = {
            "title": self.title, "description": self.description, "language": self.language, "still": still,
            "table_html": self.table_html, "data": self.payload(),
        }
        picture = f'<img src="{svg_address(still)}" alt="{html.escape(self.description)}">'
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        fallback = (f'<div dir="{direction_of(self.language)}">{title}{picture}'
                    f"<details><summary>{html.escape(self.description)}</summary>{self.table_html}</details></div>")
        return {MAP_MIME: shown, "text/html": fallback, "text/plain": self.description} | with_receipt(self.receipt)

    def payload(self) -> dict[str, Any]:
        """Return what the page's script draws: numbers packed in two bytes or one, little end first."""
        return {
            "count": len(self.places),
            "places": _packed(np.round(self.places * _REACH).astype("<i2")),
            "colourings": [
                {"title": each.title, "names": list(each.names), "wide": len(each.names) > 255,
                 "codes": _packed(each.codes.astype("<u2" if len(each.names) > 255 else "u1"))}
                for each in self.colourings
            ],
            "quotes": [[int(point), text] for point, text in sorted(self.quotes.items())],
            "texts": dict(self.texts),
            "palette": list(PALETTE),
        }

    def still(self) -> str:
        """Return the map as an SVG picture in the colours of the first colouring; of very many points, a part."""
        step = max(1, -(-len(self.places) // _STILL_POINTS))
        places, codes = self.places[::step], self.colourings[0].codes[::step]
        middle, radius = _STILL_SIZE / 2, _STILL_SIZE / 2 - 8
        dots = "".join(
            f'<path fill="none" stroke="{_colour(kind)}" stroke-width="3" stroke-linecap="round" d="'
            + "".join(f"M{middle + radius * x:.1f} {middle - radius * y:.1f}h0" for x, y in places[codes == kind])
            + '"/>'
            for kind in sorted(set(codes.tolist()))
        )
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_STILL_SIZE}" height="{_STILL_SIZE}" '
                f'viewBox="0 0 {_STILL_SIZE} {_STILL_SIZE}"><rect width="100%" height="100%" fill="#fff"/>{dots}</svg>')


def _colour(kind: int) -> str:
    return PALETTE[kind] if kind < len(PALETTE) - 2 else "#9AA5B1"


def _packed(numbers: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")
