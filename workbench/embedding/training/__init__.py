"""How an embedded encoder is trained: pairs and a teacher in, a model file with its card out."""

from workbench.embedding.training.adaptation import continue_encoder
from workbench.embedding.training.build import Recipe, shortened, train_encoder
from workbench.embedding.training.exclusion import find_evaluation_rows
from workbench.embedding.training.pairs import count_reasons, read_pairs
from workbench.embedding.training.runs import Run

__all__ = [
    "Recipe",
    "Run",
    "continue_encoder",
    "count_reasons",
    "find_evaluation_rows",
    "read_pairs",
    "shortened",
    "train_encoder",
]
