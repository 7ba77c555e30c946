"""A corpus and a teacher of a few words: real training in seconds, nothing to download."""

import numpy as np
import pytest
from tiny_corpus import WORDS, tiny_pairs

from workbench.embedding.model_file import ModelFile
from workbench.embedding.training import Recipe, Run


@pytest.fixture(scope="session")
def tiny_teacher(tmp_path_factory):
    """A sentence-transformers model that knows the English words above."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: number for number, word in enumerate(["[UNK]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(0).normal(size=(len(words), 16)).astype(np.float32)
    folder = tmp_path_factory.mktemp("teacher") / "tiny-teacher"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)]).save(str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny_recipe(tiny_teacher):
    return Recipe(tokens=400, dimensions=16, pieces=60, cjk_pieces=30, teacher=str(tiny_teacher),
                  runs=(Run(60, 64, 2e-2, 2.0, 0), Run(40, 64, 2e-2, 2.0, 1)), bits=4.0)


@pytest.fixture(scope="session")
def trained(tiny_recipe, tmp_path_factory):
    """The folder of a finished training, and its outcome."""
    from workbench.embedding.training import train_encoder

    folder = tmp_path_factory.mktemp("trained")
    tiny_pairs().to_csv(folder / "pairs.csv", index=False)
    told = []
    outcome = train_encoder([folder / "pairs.csv"], folder / "tiny.npz", recipe=tiny_recipe, threads=1,
                            tell=told.append)
    return folder, outcome, told


@pytest.fixture(scope="session")
def first_version():
    """A model of version 1."""
    draw = np.random.default_rng(0)
    pieces = ["<unk>", "<pad>", "▁", "▁late", "▁دیر", *(f"w{number}" for number in range(95))]
    return ModelFile(pieces, np.full(100, -10, np.float16), draw.integers(0, 256, (100, 8)).astype(np.uint8),
                     draw.normal(size=(256, 4)).astype(np.float16), np.ones(100, np.float16))
