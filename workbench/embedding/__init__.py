"""Third stage: statements to vectors."""

from workbench.embedding.cache import embed
from workbench.embedding.encoders import EMBEDDED, Encoder, HubEncoder, load_encoder
from workbench.embedding.static import StaticEncoder

__all__ = ["EMBEDDED", "Encoder", "HubEncoder", "StaticEncoder", "embed", "load_encoder"]
