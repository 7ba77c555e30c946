"""BERTopic, the engine of description: imported here alone, and without what it does not need.

Importing BERTopic also imports UMAP, which compiles for ten seconds and more, and the transformers library.
Neither takes part here (themes are found before, vectors are given), so both are held back during that one
import. A session that has imported BERTopic itself is left as it is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from bertopic import BERTopic

_HELD_BACK = ("umap", "transformers")


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
        ctfidf_model=_term_weights(),
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
    if counts.shape[1] < 2:  # BERTopic's own sums break on a single term, which cannot tell classes apart anyway
        return counts
    _import_bertopic()
    return _term_weights().fit_transform(counts)


def _term_weights() -> Any:
    """Return BERTopic's weighting, which by itself fails on a single term: that one weighs the same everywhere."""
    import scipy.sparse as sp
    from bertopic.vectorizers import ClassTfidfTransformer

    class TermWeights(ClassTfidfTransformer):  # type: ignore[misc,unused-ignore]
        def fit(self, X: Any, multiplier: np.ndarray | None = None) -> TermWeights:  # its own name
            if X.shape[1] > 1:
                super().fit(X, multiplier)
            else:
                self._idf_diag = sp.identity(1, format="csr")
            return self

    return TermWeights()


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
