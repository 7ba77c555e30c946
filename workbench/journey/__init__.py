"""Fifth stage: statements and themes to stages and touchpoints of the customer's journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.journey.codes import check_codes, read_codes
    from workbench.journey.mapping import Journey, map_journey
    from workbench.journey.model import JourneyModel, load_journey_model, model_files

__all__ = ["Journey", "JourneyModel", "check_codes", "load_journey_model", "map_journey", "model_files", "read_codes"]

__getattr__, __dir__ = on_first_use(__name__, __file__)
