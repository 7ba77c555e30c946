"""What statements are mapped with, checked before anything is read: their vectors, and the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.arguments import check_columns, check_series
from workbench.columns import check_vectors
from workbench.embedding import Encoder
from workbench.errors import InputError


def check_read(statements: pd.DataFrame, vectors: np.ndarray, encoder: Encoder) -> None:
    """Raise unless there is a vector for each statement, with as many dimensions as the encoder gives.

    Raises
    ------
    InputError
        With what was found.

    Examples
    --------
    >>> from workbench.embedding import load_encoder
    >>> check_read(pd.DataFrame({"text": ["late"]}), np.ones((1, 256)), load_encoder())
    """
    check_vectors(statements, vectors)
    if np.ndim(vectors) != 2 or np.shape(vectors)[1] != encoder.dimensions:
        raise InputError(
            f"expected vectors of {encoder.dimensions} dimensions, which the encoder {encoder.name!r} makes, found "
            f"shape {np.shape(vectors)}; pass the encoder that made them as `encoder`."
        )


def check_beside(comments: pd.DataFrame | None, codes: pd.DataFrame | None, counted: pd.Series | None,
                 clusters: pd.Series | None) -> None:
    """Raise unless what stands beside statements is tables and columns, where it is given at all.

    Raises
    ------
    InputError
        With the one that is none, or the columns that it lacks.

    Examples
    --------
    >>> check_beside(None, pd.DataFrame({"statement_id": ["a/0"]}), None, None)
    Traceback (most recent call last):
    workbench.errors.InputError: the codes table lacks stage_id; it has statement_id.
    """
    if comments is not None:
        check_columns("comments", comments, ["feedback_id"])
    if codes is not None:
        check_columns("codes", codes, ["statement_id", "stage_id"])
    check_series(**{name: given for name, given in (("counted", counted), ("clusters", clusters)) if given is not None})
