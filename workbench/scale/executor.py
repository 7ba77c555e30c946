"""Who works on blocks: this process, several of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from workbench.errors import InputError
from workbench.scale.calls import Call

if TYPE_CHECKING:
    from workbench.embedding import Encoder

Tell = Callable[[int, int], None]


class Executor(Protocol):
    """What a stage needs to work on blocks. ``tell`` is called with the blocks done and their number."""

    tell: Tell | None

    def map_blocks(self, function: Callable[..., Any], blocks: Sequence[tuple[Any, ...]], *shared: Any
                   ) -> Iterator[Any]:
        """Return ``function(*block, *shared)`` of every block, in their order.

        Parameters
        ----------
        function
            A pure function of a module of this package.
        blocks
            The arguments that differ from block to block.
        shared
            The arguments that do not.
        """
        ...

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Call | None:
        """Return a call that another process may do meanwhile, unless this one claims it before; None if none can."""
        ...

    def encoder(self, name: str) -> Encoder:
        """Return the encoder of this name, as it is to be used with this executor."""
        ...

    def near(self) -> Executor:
        """Return who works on what is too much to send to another machine for what it takes to do it."""
        ...


class Local:
    """Blocks one after another, in this process.

    Examples
    --------
    >>> list(Local().map_blocks(divmod, [(7,), (9,)], 4))
    [(1, 3), (2, 1)]
    """

    tell: Tell | None = None

    def map_blocks(self, function: Callable[..., Any], blocks: Sequence[tuple[Any, ...]], *shared: Any
                   ) -> Iterator[Any]:
        """Return ``function(*block, *shared)`` of every block, in their order."""
        for done, block in enumerate(blocks, 1):
            yield function(*block, *shared)
            if self.tell is not None:
                self.tell(done, len(blocks))

    def begin(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Return nothing: there is no other process."""

    def encoder(self, name: str) -> Encoder:
        """Return the encoder of this name."""
        from workbench.embedding import load_encoder

        return load_encoder(name)

    def near(self) -> Executor:
        """Return itself."""
        return self


def open_executor(cluster: Any = None, processes: int | None = None) -> AbstractContextManager[Executor]:
    """Return what works on blocks, to be used in a ``with`` statement.

    Parameters
    ----------
    cluster
        The address of a Dask scheduler (``tcp://host:port``), a ``dask.distributed.Client``, or None for this machine.
    processes
        How many processes of this machine may work at the same time, this one among them: see `count_processes`.
        Where there is a cluster, this one alone does what the cluster does not.

    Raises
    ------
    InputError
        If the number of processes is none.
    ClusterError
        If Dask is not installed, if no scheduler answers, or if a worker has other code than this process.

    Examples
    --------
    >>> with open_executor() as executor:
    ...     list(executor.map_blocks(len, [(["late", "دیر"],), (["متأخر"],)]))
    [2, 1]
    """
    from workbench.scale.machine import count_processes

    if cluster is not None:
        from workbench.scale.cluster import Cluster

        if not isinstance(cluster, str) and not callable(getattr(cluster, "wait_for_workers", None)):
            raise InputError("cluster: expected the address of a scheduler or a dask.distributed.Client, found "
                             f"{type(cluster).__name__}.")
        return Cluster(cluster)
    count = count_processes(processes)
    if count == 1:
        return nullcontext(Local())
    from workbench.scale.processes import Processes

    return Processes(count)
