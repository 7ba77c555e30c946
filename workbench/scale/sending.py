"""How the weights of an encoder get to the workers of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from distributed import WorkerPlugin

from workbench.errors import ClusterError

if TYPE_CHECKING:
    from dask.distributed import Client

_LARGEST: Final = 256 * 2**20


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
