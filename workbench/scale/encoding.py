"""An encoder as it is used by several processes or machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from workbench.embedding import Encoder, load_encoder
from workbench.scale.worker import load_once

if TYPE_CHECKING:
    from workbench.scale.executor import Executor


class SharedEncoder:
    """An encoder that is here and on the workers.

    A call of it is computed here; batches are computed by the workers. Where it travels, only its name and its identity
    do: on a worker it is the encoder that the worker loaded, once in a process.
    """

    def __init__(self, name: str, executor: Executor) -> None:
        self._called = name
        self._executor = executor
        self._here = load_encoder(name)
        self.name, self.identity, self.dimensions = self._here.name, self._here.identity, self._here.dimensions

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, computed here."""
        return self._here.encode(texts)

    def encode_batches(self, batches: Sequence[list[str]]) -> Iterator[np.ndarray]:
        """Return the vectors of every batch, in their order, computed by the workers."""
        return self._executor.map_blocks(encode_batch, [(batch,) for batch in batches], self)

    def __reduce__(self) -> tuple[Callable[[str, str], Encoder], tuple[str, str]]:
        return load_once, (self._called, self.identity)


class SettledEncoder:
    """An encoder that stays in this process: a large one, which uses all processors by itself."""

    def __init__(self, encoder: Encoder) -> None:
        self._here = encoder
        self.name, self.identity, self.dimensions = encoder.name, encoder.identity, encoder.dimensions

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text."""
        return self._here.encode(texts)

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self.name} is not sent to other processes")


def encode_batch(texts: list[str], encoder: Encoder) -> np.ndarray:
    """Return one vector a text."""
    return encoder.encode(texts)
