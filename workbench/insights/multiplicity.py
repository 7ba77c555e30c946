"""Many tests at once: p-values adjusted for how many there were."""

from __future__ import annotations

import pandas as pd

from workbench.arguments import check_series

ALPHA = 0.05


def adjust(p_values: pd.Series) -> pd.Series:
    """Return p-values adjusted for the rate of false discoveries; missing ones stay missing and do not count.

    Source: Benjamini and Hochberg (1995).

    Examples
    --------
    >>> adjust(pd.Series([0.01, None, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    check_series(p_values=p_values)
    from scipy.stats import false_discovery_control

    given = p_values.dropna().astype(float)
    if not len(given):
        return p_values.astype(float)
    return pd.Series(false_discovery_control(given), index=given.index).reindex(p_values.index)
