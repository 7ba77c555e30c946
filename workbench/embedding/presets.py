"""Models from the hub that are known here: their short names, and what each wants to be given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Preset:
    """How one model of the hub is used.

    Attributes
    ----------
    model : str
        Its name on the hub.
    prefix : str
        What it wants in front of every text.
    most_tokens : int or None
        Of a text, more being left out; None leaves it to the model.
    batch_size : int
        Texts encoded at once, for a machine without much memory.
    dimensions : int
        Of its vectors.
    why : str
        When to take it.
    """

    model: str
    prefix: str
    most_tokens: int | None
    batch_size: int
    dimensions: int
    why: str


PRESETS = {
    "static-similarity-mrl-multilingual-v1": Preset(
        "sentence-transformers/static-similarity-mrl-multilingual-v1", "", None, 1024, 1024,
        "adds up words like the embedded one, with a larger vocabulary; as fast"),
    "paraphrase-multilingual-MiniLM-L12-v2": Preset(
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "", 128, 64, 384,
        "sees order and negation; 50 languages; the smallest of its kind"),
    "multilingual-e5-small": Preset(
        "intfloat/multilingual-e5-small", "query: ", 512, 64, 384,
        "sees order and negation; about 100 languages; longer texts"),
    "bge-m3": Preset(
        "BAAI/bge-m3", "", 1024, 16, 1024, "the strongest and slowest; wants a graphics card"),
}
_BATCH = 64


def find_preset(name: str) -> Preset:
    """Return how a model is used: its preset by short name or hub name, else what its name tells.

    Models of the E5 family want the kind of text in front of it; all others take the text as it is. A name without its
    owner that is no folder here is one of sentence-transformers.

    Examples
    --------
    >>> find_preset("distiluse-base-multilingual-cased-v2").model
    'sentence-transformers/distiluse-base-multilingual-cased-v2'
    >>> find_preset("bge-m3").model, find_preset("intfloat/multilingual-e5-small").prefix
    ('BAAI/bge-m3', 'query: ')
    >>> find_preset("models/my-e5-base").prefix, find_preset("some/other").prefix
    ('query: ', '')
    """
    for short, preset in PRESETS.items():
        if name in (short, preset.model):
            return preset
    prefix = "query: " if "e5" in Path(name).name.lower().split("-") else ""
    model = name if "/" in name or Path(name).is_dir() else f"sentence-transformers/{name}"
    return Preset(model, prefix, None, _BATCH, 0, "")
