"""A Dask cluster that works on blocks.

Every call is sealed and travels whole: its block of rows goes through the scheduler to a worker, and its result comes
back the same way, so that neither workers nor scheduler need the study's files or a common disk. A block that was lost
with its worker is worked on again by another one. A few blocks for each thread are under way at once, which is all that
the scheduler holds of a study.

How large what travels may be: a block has 2,000 rows and a million characters at most, or one comment (about 3 MB with
vectors of 256 numbers); a model file of the embedded kind, which is sent to each worker once, 256 MB.
"""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import ClusterError, shown
from workbench.scale.executor import Executor, Local, Tell
from workbench.scale.worker import BlockError, Refused, describe_process, name_call, own_fingerprint, run_sealed, seal

if TYPE_CHECKING:
    from dask.distributed import Client, Future

    from workbench.embedding import Encoder

_ADDRESS: Final = re.compile(r"(?:tcp|tls|ws|wss)://\S+:\d+/?")
_CONNECT_SECONDS: Final = 10
_WORKER_SECONDS: Final = 30
_ASK_SECONDS: Final = 5
_IN_FLIGHT: Final = 3  # blocks for each thread of the cluster
_RETRIES: Final = 2
_AGAIN: Final = "What was done is stored: run the same command to go on, or leave out the cluster."


class Cluster:
    """A Dask cluster, checked to have the code that this process has; to be used in a ``with`` statement.

    Parameters
    ----------
    cluster
        The address of a scheduler, or a client of one, which is left open afterwards.

    Attributes
    ----------
    client : dask.distributed.Client
    tell : callable or None
        Called with the blocks done and their number.

    Raises
    ------
    ClusterError
        If Dask is not installed, no scheduler answers, it has no worker, or a process of it has other code.
    """

    def __init__(self, cluster: Any) -> None:
        self.tell: Tell | None = None
        self._sent: dict[str, str] = {}
        self._own = isinstance(cluster, str)
        self._level = logging.getLogger("distributed").level
        if self._own:
            logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what went wrong is told in one sentence
        try:
            self.client: Client = _connect(cluster) if self._own else cluster
            self._wait_for_workers()
            _check_code(self.client)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what was sent, and close the connection if it was opened here."""
        client = getattr(self, "client", None)
        if client is not None:
            for name in self._sent.values():
                with suppress(Exception):  # a cluster that is gone needs no tidying
                    client.unregister_worker_plugin(name)
            if self._own:
                with suppress(Exception):
                    client.close(timeout=2)
        if self._own:
            logging.getLogger("distributed").setLevel(self._level)

    def __repr__(self) -> str:
        link = self.client.dashboard_link
        watched = f", to be watched at {link}" if link else ""
        return f"Cluster {_address_of(self.client)} of {len(self.client.nthreads())} workers{watched}"

    def map_blocks(self, function: Callable[..., Any], blocks: Sequence[tuple[Any, ...]], *shared: Any
                   ) -> Iterator[Any]:
        """Return ``function(*block, *shared)`` of every block, in their order; see `Executor`.

        Raises
        ------
        ClusterError
            If the cluster is lost, or if a worker cannot do its part.
        """
        waiting: deque[Future] = deque()
        most = _IN_FLIGHT * max(sum(self.client.nthreads().values()), 1)
        done = 0
        try:
            for block in blocks:
                waiting.append(self._submit(function, (*block, *shared)))
                if len(waiting) >= most:
                    yield self._take(waiting, done := done + 1, len(blocks))
            while waiting:
                yield self._take(waiting, done := done + 1, len(blocks))
        finally:
            if waiting:
                with suppress(Exception):  # a cluster that is gone works on nothing
                    self.client.cancel(list(waiting))

    def begin(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Return nothing: workers have neither the study's files nor its store."""

    def encoder(self, name: str) -> Encoder:
        """Return the encoder of this name; the batches that it encodes are encoded by the workers."""
        from workbench.scale.encoding import SharedEncoder
        from workbench.scale.sending import send_encoder

        encoder = SharedEncoder(name, self)
        if name.endswith(".npz") and encoder.identity not in self._sent:
            self._sent[encoder.identity] = send_encoder(self.client, name, encoder.identity)
        return encoder

    def near(self) -> Executor:
        """Return this process alone."""
        return Local()

    def _submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future:
        sealed = seal(function, arguments)
        key = name_call(function, sealed, own_fingerprint())
        try:
            return self.client.submit(run_sealed, sealed, own_fingerprint(), key=key, retries=_RETRIES)
        except Exception as error:  # the connection may break in a dozen ways
            raise self._lost() from error

    def _take(self, waiting: deque[Future], done: int, total: int) -> Any:
        """Return the result of the first of the calls that are under way."""
        result = self._result(waiting[0])
        waiting.popleft().release()
        if isinstance(result, Refused):
            raise ClusterError(result.reason)
        if self.tell is not None:
            self.tell(done, total)
        return result

    def _result(self, future: Future) -> Any:
        from distributed.scheduler import KilledWorker

        deserted = time.monotonic()
        while True:
            try:
                return future.result(timeout=_ASK_SECONDS)
            except BlockError as error:
                raise ClusterError(f"{error}; without the cluster all of it is shown.") from None
            except KilledWorker as error:
                raise ClusterError(f"one block of rows ended {error.last_worker.address} and the workers before it; "
                                   "they may need more memory.") from None
            except TimeoutError:
                if self._has_workers():
                    deserted = time.monotonic()
                elif time.monotonic() - deserted > _WORKER_SECONDS:
                    raise ClusterError(f"the cluster had no worker for {_WORKER_SECONDS} s. {_AGAIN}") from None
            except (CancelledError, OSError) as error:
                raise self._lost() from error

    def _has_workers(self) -> bool:
        try:
            return bool(self.client.nthreads())
        except Exception as error:  # the connection may break in a dozen ways
            raise self._lost() from error

    def _lost(self) -> ClusterError:
        return ClusterError(f"The connection to the scheduler was lost. {_AGAIN}")

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise ClusterError(f"The scheduler {_address_of(self.client)} has no worker; start one with "
                               f"`dask worker {_address_of(self.client)}`.") from None


def _connect(address: str) -> Client:
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise ClusterError('a cluster needs Dask, which is not installed: pip install "voc-workbench[cluster]"'
                           ) from error
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(f"expected the address of a scheduler such as tcp://host:8786, found {shown(address)}.")
    try:
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False, name="voc")
    except (OSError, ValueError) as error:
        raise ClusterError(f"No scheduler answers at {address}; start one with `dask scheduler`, or leave out the "
                           "cluster.") from error


def _check_code(client: Client) -> None:
    """Compare the scheduler and every worker with this process.

    Raises
    ------
    ClusterError
        For the first that differs, with its address and what differs.
    """
    own = describe_process()
    found_by: dict[str, Any] = client.run(describe_process, on_error="return")
    try:
        found_by["the scheduler"] = client.run_on_scheduler(describe_process)
    except Exception as error:  # noqa: BLE001  # it may lack the package, or anything that the package needs
        found_by["the scheduler"] = error
    for place, found in found_by.items():
        who = place if place == "the scheduler" else f"the worker {place}"
        if not isinstance(found, dict):
            raise ClusterError(f"{who} cannot run this package ({type(found).__name__}); install there what is "
                               f"installed here, version {own['workbench']}.")
        for part, version in own.items():
            if found.get(part) != version:
                raise ClusterError(f"{who} has {part} {found.get(part, 'absent')}, and it is {version} here, so that "
                                   "tables might differ; install the same there.")


def _address_of(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler is not None else ""
