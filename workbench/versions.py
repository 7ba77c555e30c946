"""Which versions of libraries decide a result."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

# Libraries whose version may change a result. Each that the package imports to make one is in this list.
DECIDING: Final = (
    "bertopic", "budoux", "hdbscan", "igraph", "numpy", "openpyxl", "pandas", "phonenumbers", "py3langid", "pyarrow",
    "pystemmer", "regex", "scikit-learn", "scipy", "statsmodels", "stopwordsiso", "tokenizers", "transformers",
    "umap-learn",
)


@cache
def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that decide results: part of every key."""
    found = {}
    for name in DECIDING:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
