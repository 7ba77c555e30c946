"""What people write beside a study, and may edit at any time, also while it is analysed."""

from __future__ import annotations

from workbench.stages.coding import study_codebook
from workbench.stages.journey import journey_digest
from workbench.stages.language import glossary_digest
from workbench.store import digest
from workbench.study import Study


def written_inputs(study: Study) -> dict[str, str]:
    """Return a digest each of a study's codebook, of its glossary, and of its journey model with the codes."""
    return {"codebook": digest(study_codebook(study).parts()), "glossary": glossary_digest(study),
            "journey model or codes": journey_digest(study)}
