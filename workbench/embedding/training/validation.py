"""How well a model does on the validation rows of its pairs: what choices are made on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from workbench.embedding.static import StaticEncoder

_MOST = 1000
_KINDS = ("sent", "tatoeba", "ui")


def score_validation(model: Path, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how often a text finds its own English side among those of the validation rows.

    Parameters
    ----------
    model
        A model file.
    pairs
        With ``text``, ``language``, ``english``, ``kind`` and ``split``; sentences and interface texts are taken.

    Returns
    -------
    pandas.DataFrame
        ``language``, ``n``, ``found_share`` (nearest of at most 1,000 distinct English sides is the right one);
        empty if there are no validation rows.
    """
    rows = pairs[(pairs["split"] == "validation") & pairs["kind"].isin(_KINDS)].drop_duplicates(["text", "language"])
    encoder = StaticEncoder(model)
    out = []
    for language, group in rows.groupby("language", sort=True):
        english = group["english"].drop_duplicates().iloc[:_MOST]
        group = group[group["english"].isin(english)]
        nearest = (encoder.encode(group["text"].tolist()) @ encoder.encode(english.tolist()).T).argmax(1)
        found = english.to_numpy()[nearest] == group["english"].to_numpy()
        out.append((str(language), len(group), float(np.mean(found))))
    return pd.DataFrame(out, columns=["language", "n", "found_share"])
