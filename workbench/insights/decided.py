"""What was decided on the cells of an analysis, kept beside its tables, so that no report need decide it again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from workbench.insights.disclosure import SHOWN, SMALL, WITHHELD

_STATES: Final = np.array([SHOWN, SMALL, WITHHELD], dtype=object)


def keep_states(file: Path, states: pd.Series) -> None:
    """Keep the states of cells, whole or not at all; where the folder is gone or cannot be written, nothing is kept.

    The folder above it is not made: it belongs to an analysis, which another process may have removed.

    Parameters
    ----------
    file
        To be written; it ends in ``.npy``.
    states
        "shown", "small" or "withheld" by the key of a cell, a number of 64 bits.
    """
    codes = pd.Index(_STATES).get_indexer(states)
    draft = file.with_name(f".{os.getpid()}.{file.name}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        np.save(draft, np.stack([states.index.to_numpy(dtype=np.uint64), codes.astype(np.uint64)]), allow_pickle=False)
        os.replace(draft, file)


def read_states(file: Path) -> pd.Series | None:
    """Return the states that were kept; None where there are none, or only a part of them.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "hidden" / "cells.npy"
    >>> read_states(file) is None
    True
    >>> keep_states(file, pd.Series(["shown", "small"], index=np.array([7, 2**63], dtype=np.uint64)))
    >>> read_states(file).to_dict()
    {7: 'shown', 9223372036854775808: 'small'}
    """
    try:
        keys, codes = np.load(file, allow_pickle=False)
        return pd.Series(_STATES[codes.astype(np.intp)], index=keys, dtype=object)
    except (OSError, ValueError, EOFError, IndexError):
        return None
