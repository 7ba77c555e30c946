"""Make again what ships fitted to the package's own examples: ``make fits``, after examples or the code that reads
them were changed."""

from __future__ import annotations

from workbench.insights.tone.shipped import ship as ship_tone
from workbench.journey.scorer import ship as ship_journey

_SHIPPED = {"tone": ship_tone, "journey": ship_journey}


def main() -> None:
    """Make every fit that ships, and say which have other numbers than before."""
    for name, ship in _SHIPPED.items():
        print(f"{name}: {'numbers are others than before' if ship() else 'as before'}")


if __name__ == "__main__":
    main()
