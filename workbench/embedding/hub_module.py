"""The embedded encoder as a module that a SentenceTransformer holds, for libraries that ask for one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules.input_module import InputModule

from workbench.embedding.static import EMBEDDED_MODEL, StaticEncoder

_FILE = "encoder.npz"


class EmbeddedModule(InputModule):
    """A module whose vectors are those of `StaticEncoder`; it is not trained here.

    Parameters
    ----------
    path
        The model file; the one inside the package by default.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer
    >>> model = SentenceTransformer(modules=[EmbeddedModule()], device="cpu")
    >>> vectors = model.encode(["late delivery", "تأخر التوصيل", "تحویل دیر شد"])
    >>> vectors.shape, bool((vectors @ vectors.T).min() > 0.3)
    ((3, 256), True)
    """

    modalities = ["text"]  # noqa: RUF012  # as the class that it derives from declares it
    save_in_root = False

    def __init__(self, path: str | Path = EMBEDDED_MODEL) -> None:
        super().__init__()
        self.encoder = StaticEncoder(path)

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Return the vectors of texts, which `forward` hands on."""
        texts = [f"{prompt}{text}" for text in inputs] if prompt else inputs
        return {"vectors": torch.from_numpy(self.encoder.encode(texts))}

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Return the features with ``sentence_embedding``."""
        features["sentence_embedding"] = features["vectors"]
        return features

    def get_embedding_dimension(self) -> int:
        """Return how many numbers a vector has."""
        return self.encoder.dimensions

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copy the model file into a folder."""
        shutil.copyfile(self.encoder.path, Path(output_path) / _FILE)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> EmbeddedModule:  # type: ignore[override]
        """Return the module that `save` left in a folder; SentenceTransformer wants `trust_remote_code` for it."""
        return cls(Path(model_name_or_path) / subfolder / _FILE)
