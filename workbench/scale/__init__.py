"""The inside of stages over blocks of rows: in this process, in several, or on the workers of a Dask cluster.

A stage calls `Executor.map_blocks` with a pure function and its table cut into blocks, and puts the parts together in
row order. `Local` runs a plain loop; `workbench.scale.processes.Processes` shares the same calls with other processes
of this machine, `workbench.scale.cluster.Cluster` submits them to Dask. The blocks are the same whoever works on them,
so the tables are the same, digest for digest.

Over blocks, because a row's result hangs on its own comment alone: splitting and identifying languages, what is encoded
of a statement, encoding, the theme of a statement where themes are known, what a statement says of stages and
touchpoints, tone.

On the gathered tables, where the whole is needed: reading files, duplicates, profiles of comments, finding and naming
themes, how stages lean on the most similar statements and on how common they are, learning from codes and scores,
every count, share, interval and test. Runs on a graph of which there are many, and themes that are found again, are
shared by the processes of this machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.first_use import on_first_use

if TYPE_CHECKING:
    from workbench.scale.blocks import cut_rows, is_large, join_tables
    from workbench.scale.calls import Call
    from workbench.scale.executor import Executor, Local, open_executor
    from workbench.scale.machine import count_processes

__all__ = ["Call", "Executor", "Local", "count_processes", "cut_rows", "is_large", "join_tables", "open_executor"]

__getattr__, __dir__ = on_first_use(__name__, __file__)
