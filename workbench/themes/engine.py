"""BERTopic, the engine of description: imported here alone, and without what it does not need.

Its class-based TF-IDF is a module of its own, which is read from its file: the package around it would import torch.
The model object is made when somebody asks for it. Importing BERTopic then also imports UMAP, which compiles for ten
seconds and more, and the transformers library. Neither takes part here (themes are found before, vectors are given),
so both are held back during that one import. A session that has imported BERTopic itself is left as it is.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import scipy.sparse as sp
    from bertopic import BERTopic

_HELD_BACK = ("umap", "transformers")
_WEIGHING = ("vectorizers", "_ctfidf.py")


def fit_bertopic(documents: list[str], vectors: np.ndarray, labels: np.ndarray) -> BERTopic:
    """Return a BERTopic model whose topics are the given labels, with class-based TF-IDF over the documents.

    Its attribute ``documents_`` keeps the documents, which several of its methods ask for.

    Parameters
    ----------
    documents
        Terms separated by blanks, one document a row; nothing else is done to them.
    vectors
        Their vectors.
    labels
        Their themes.

    Examples
    --------
    >>> model = fit_bertopic(["bill wrong", "bill late"] * 4, np.eye(8), np.array([0, 1] * 4))
    >>> sorted(model.get_topics())
    [0, 1]
    """
    bertopic_class = _import_bertopic()
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer

    class FoundThemes(BaseCluster):
        """Hands BERTopic the themes that were found."""

        def fit(self, vectors: np.ndarray, y: np.ndarray | None = None) -> FoundThemes:
            self.labels_ = labels
            return self

    model = bertopic_class(
        language="multilingual",
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=FoundThemes(),
        vectorizer_model=CountVectorizer(analyzer=str.split),
        ctfidf_model=_term_weights()(),
        calculate_probabilities=False,
        verbose=False,
    )
    model.fit(documents, embeddings=np.asarray(vectors))
    model.documents_ = documents
    return model


def weigh_classes(counts: sp.csr_matrix) -> sp.csr_matrix:
    """Return BERTopic's class-based TF-IDF of counts.

    Source: Grootendorst (2022), BERTopic, section 3.3.

    Parameters
    ----------
    counts
        How often each class uses each term, shape ``(classes, terms)``.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> weigh_classes(sp.csr_matrix(np.array([[3.0, 1.0], [0.0, 2.0]]))).toarray().round(2).tolist()
    [[0.52, 0.17], [0.0, 0.69]]
    """
    weights: sp.csr_matrix = _term_weights()().fit_transform(counts.astype(float))
    return weights


def weigh_words(documents: Sequence[str], labels: np.ndarray) -> pd.DataFrame:
    """Return what each label's documents say, weighed as BERTopic weighs it: the words that `fit_bertopic` would tell.

    Parameters
    ----------
    documents
        Terms separated by blanks, one document a row.
    labels
        Their themes.

    Returns
    -------
    pandas.DataFrame
        ``label, word, weight``, one row a word that a label's documents hold, by label.

    Examples
    --------
    >>> sorted(weigh_words(["قبض bill", "bill late"], np.array([0, 1])).round(2).values.tolist())
    [[0, 'bill', 0.35], [0, 'قبض', 0.55], [1, 'bill', 0.35], [1, 'late', 0.55]]
    """
    words = [document.split() for document in documents]
    said = pd.DataFrame({"label": np.repeat(labels, [len(part) for part in words]),
                         "word": [word for part in words for word in part]})
    return weigh_used(said, "label", "word")


def weigh_used(used: pd.DataFrame, of: str, term: str) -> pd.DataFrame:
    """Return the class-based TF-IDF of a table with one row a use of a term: columns `of`, `term` and ``weight``."""
    import scipy.sparse as sp

    classes, class_names = pd.factorize(used[of], sort=True)
    terms, term_names = pd.factorize(used[term], sort=True)
    shape = (len(class_names), len(term_names))
    weights = weigh_classes(sp.csr_matrix((np.ones(len(used)), (classes, terms)), shape)).tocoo()
    return pd.DataFrame({of: class_names[weights.row], term: term_names[weights.col], "weight": weights.data})


@cache
def _term_weights() -> type:
    """Return BERTopic's weighting, which by itself fails on a single term: that one weighs the same everywhere."""
    import scipy.sparse as sp

    class TermWeights(_class_based_tfidf()):  # type: ignore[misc]
        def fit(self, X: Any, multiplier: np.ndarray | None = None) -> TermWeights:  # its own name
            if X.shape[1] > 1:
                super().fit(X, multiplier)
            else:
                self._idf_diag = sp.identity(1, format="csr")
            return self

    return TermWeights


def _class_based_tfidf() -> Any:
    """Return BERTopic's ClassTfidfTransformer without the package around it, if it lies where it is known to lie."""
    package = find_spec("bertopic")
    file = Path(package.origin or "").parent.joinpath(*_WEIGHING) if package else Path()
    if "bertopic" in sys.modules or not file.is_file():
        _import_bertopic()
        from bertopic.vectorizers import ClassTfidfTransformer

        return ClassTfidfTransformer
    return run_path(str(file))["ClassTfidfTransformer"]


def _import_bertopic() -> type:
    if "bertopic" not in sys.modules:
        absent = [name for name in _HELD_BACK if name not in sys.modules]
        sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None makes an import fail
        try:
            import bertopic  # noqa: F401
        finally:
            for name in absent:
                sys.modules.pop(name, None)
    from bertopic import BERTopic

    return BERTopic
