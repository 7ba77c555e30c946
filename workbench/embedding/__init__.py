"""Third stage: statements to vectors."""

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
