"""Third stage: statements to vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.embedding.cache import embed
    from workbench.embedding.cache_files import list_caches, prune_caches
    from workbench.embedding.encoders import (
        EMBEDDED,
        Encoder,
        HubEncoder,
        identify_encoder,
        is_in_one_file,
        load_encoder,
    )
    from workbench.embedding.statements import embed_pairs, embed_statements, texts_to_embed
    from workbench.embedding.static import EMBEDDED_MODEL, StaticEncoder

__all__ = [
    "EMBEDDED",
    "EMBEDDED_MODEL",
    "Encoder",
    "HubEncoder",
    "StaticEncoder",
    "embed",
    "embed_pairs",
    "embed_statements",
    "identify_encoder",
    "is_in_one_file",
    "list_caches",
    "load_encoder",
    "prune_caches",
    "texts_to_embed",
]

__getattr__, __dir__ = on_first_use(__name__, __file__)
