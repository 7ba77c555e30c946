"""An encoder whose batches are encoded by the workers of a cluster, and how its weights get there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from distributed import WorkerPlugin

from workbench.embedding import Encoder, load_encoder
from workbench.errors import ClusterError
from workbench.scale.worker import load_once

if TYPE_CHECKING:
    from dask.distributed import Client

    from workbench.scale.cluster import Cluster

_LARGEST: Final = 256 * 2**20


class SharedEncoder:
    """An encoder that is here and on the workers.

    A call of it is computed here; batches are computed by the workers. Where it travels, only its name and its identity
    do: on a worker it is the encoder that the worker loaded, once in a process.
    """

    def __init__(self, name: str, cluster: Cluster) -> None:
        self._called = name
        self._cluster = cluster
        self._here = load_encoder(name)
        self.name, self.identity, self.dimensions = self._here.name, self._here.identity, self._here.dimensions

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, computed here."""
        return self._here.encode(texts)

    def encode_batches(self, batches: Sequence[list[str]]) -> Iterator[np.ndarray]:
        """Return the vectors of every batch, in their order, computed by the workers."""
        return self._cluster.map_blocks(encode_batch, [(batch,) for batch in batches], self)

    def __reduce__(self) -> tuple[Callable[[str, str], Encoder], tuple[str, str]]:
        return load_once, (self._called, self.identity)


def encode_batch(texts: list[str], encoder: Encoder) -> np.ndarray:
    """Return one vector a text."""
    return encoder.encode(texts)


class SentModel(WorkerPlugin):
    """A model file that every worker, also one that comes later, writes into its own folder."""

    def __init__(self, identity: str, content: bytes) -> None:
        self.name = f"encoder-{identity[:16]}"
        self.identity = identity
        self._content = content

    def setup(self, worker: Any) -> None:
        """Write the file."""
        path = Path(worker.local_directory) / f"{self.identity}.npz"
        path.write_bytes(self._content)

    def teardown(self, worker: Any) -> None:
        """Remove the file."""
        (Path(worker.local_directory) / f"{self.identity}.npz").unlink(missing_ok=True)


def send_encoder(client: Client, name: str, identity: str) -> str:
    """Send a model file of the embedded kind to all workers, and return the name under which it can be taken back.

    Raises
    ------
    ClusterError
        If the file is larger than 256 MB.
    """
    content = Path(name).read_bytes()
    if len(content) > _LARGEST:
        raise ClusterError(f"The encoder {Path(name).name} has {len(content) / 2**20:.0f} MB; at most "
                           f"{_LARGEST / 2**20:.0f} MB are sent to workers.")
    plugin = SentModel(identity, content)
    client.register_plugin(plugin)
    return plugin.name
