"""The runs of a training: from start vectors through many batches, with checkpoints to go on from."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.embedding.training.corpus import Corpus
from workbench.embedding.training.network import Batch, Network, ragged, train_batch
from workbench.embedding.training.pairs import language_weight

Tell = Callable[[str], None]
# The share of all batches that each kind of row gets; a kind that is not named gets as much as its like.
_SHARES = {"sent": 0.22, "tatoeba": 0.13, "ui": 0.19, "wn": 0.17, "own": 0.015, "emoji": 0.03, "place": 0.02,
           "rom_sent": 0.05, "rom_tatoeba": 0.02, "rom_ui": 0.03, "rom_wn": 0.02, "rom_own": 0.005, "english": 0.09}
_OTHER, _OTHER_ROMANISED = 0.1, 0.02
_ENGLISH = "english"
_CHECKPOINT = 500
_WARMING = 200
_SMOOTHING = 1e-3
_START_BATCH = 200_000


@dataclass(frozen=True)
class Run:
    """How long and how fast one run goes.

    Attributes
    ----------
    steps, batch : int
        Batches, and pairs in each.
    rate : float
        Of learning, at its highest.
    pull : float
        Weight of the distance to the teacher.
    seed : int
    """

    steps: int
    batch: int
    rate: float
    pull: float
    seed: int


class Draws:
    """Batches of one kind of row each; within a kind, languages with few rows are lifted."""

    def __init__(self, corpus: Corpus) -> None:
        train = corpus.rows[corpus.rows["split"] == "train"]
        train = train[corpus.teacher_row[train["english_id"]] >= 0]
        self._tables = {str(kind): _draw_table(group) for kind, group in train.groupby("kind", sort=True)}
        if len(corpus.english_only):
            only = corpus.english_only
            self._tables[_ENGLISH] = (only, only, np.linspace(0, 1, len(only) + 1)[1:])
        shares = np.array([_share(name) for name in self._tables])
        self._names, self._shares = list(self._tables), shares / shares.sum()

    def batch(self, size: int, draw: np.random.Generator) -> Batch:
        """Return one batch."""
        text, english, weight = self._tables[self._names[draw.choice(len(self._names), p=self._shares)]]
        pick = np.minimum(np.searchsorted(weight, draw.random(size)), len(weight) - 1)
        return Batch(text[pick], english[pick])


def train_network(network: Network, corpus: Corpus, run: Run, checkpoint: Path, tell: Tell) -> None:
    """Train a network in place; a checkpoint every 500 batches lets the run go on where it was stopped.

    Parameters
    ----------
    network, corpus, run
        What is trained, on what and how.
    checkpoint
        A ``.npz`` file; if it is there, the run goes on from it.
    tell
        Called with a line about progress at every checkpoint.
    """
    done = load_checkpoint(network, checkpoint, run)
    draws, losses = Draws(corpus), []
    for number in range(done, run.steps):
        draw = np.random.default_rng([run.seed, number])
        batch = draws.batch(run.batch, draw)
        losses.append(train_batch(network, corpus, batch, rate_at(number, run), run.pull, draw))
        if (number + 1) % _CHECKPOINT == 0 or number + 1 == run.steps:
            save_checkpoint(network, checkpoint, run, number + 1)
            tell(f"{checkpoint.stem}: {number + 1:,} of {run.steps:,} batches, loss {np.mean(losses):.3f}")
            losses = []


def rate_at(number: int, run: Run) -> float:
    """Return the learning rate of a batch: a short rise, then a straight fall to a fiftieth.

    Examples
    --------
    >>> run = Run(steps=1000, batch=8, rate=1.0, pull=2.0, seed=0)
    >>> [round(rate_at(number, run), 3) for number in (0, 199, 999)]
    [0.005, 0.805, 0.021]
    """
    return run.rate * min(1.0, (number + 1) / _WARMING) * (1 - 0.98 * number / run.steps)


def start_vectors(corpus: Corpus) -> np.ndarray:
    """Return a first vector for each token: the mean teacher vector of the texts that hold it, short if it is frequent.

    Source of the weighting: Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017.
    """
    from scipy import sparse

    total, seen = _sum_over_texts(corpus)
    vectors = total / np.maximum(seen, 1e-6)[:, None]
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors *= np.minimum(1, 1 / np.maximum(length, 1e-6)) * 0.5 + 0.5  # rare tokens are long by chance
    ones = np.ones(len(corpus.broken_ids), np.float32)
    broken = sparse.csr_matrix((ones, corpus.broken_ids, corpus.broken_offsets), shape=(corpus.size, corpus.size))
    unseen = seen == 0
    vectors[unseen] = (broken @ vectors)[unseen]
    return vectors * (_SMOOTHING / (_SMOOTHING + seen / max(float(seen.sum()), 1.0)))[:, None]


def _sum_over_texts(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Return for each token the teacher's vectors of the texts that hold it, summed, and the weight of these texts."""
    from scipy import sparse

    train = corpus.rows[corpus.rows["split"] == "train"]
    english = np.concatenate([train["english_id"].unique(), corpus.english_only])
    pairs = pd.DataFrame({"text": np.concatenate([train["text_id"], english]),
                          "english": np.concatenate([train["english_id"], english])}).drop_duplicates()
    pairs = pairs[corpus.teacher_row[pairs["english"]] >= 0]
    total = np.zeros((corpus.size, corpus.teacher.shape[1]), np.float32)
    seen = np.zeros(corpus.size, np.float32)
    for start in range(0, len(pairs), _START_BATCH):
        part = pairs.iloc[start:start + _START_BATCH]
        ids, lengths = ragged(corpus.ids, corpus.offsets, part["text"].to_numpy())
        owner = np.repeat(np.arange(len(part)), lengths)
        share = (1 / np.sqrt(np.maximum(lengths, 1))).astype(np.float32)[owner]
        matrix = sparse.csr_matrix((share, (ids, owner)), shape=(corpus.size, len(part)))
        total += matrix @ corpus.teacher[corpus.teacher_row[part["english"].to_numpy()]]
        seen += np.asarray(matrix.sum(1)).ravel()
    return total, seen


def save_checkpoint(network: Network, path: Path, run: Run, done: int) -> None:
    """Write all that a network is and remembers, beside its place and then into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part.npz")
    state: dict[str, Any] = network.state()
    np.savez(beside, done=done, run=np.array(repr(asdict(run))), **state)
    beside.replace(path)


def load_checkpoint(network: Network, path: Path, run: Run) -> int:
    """Give a network what its checkpoint remembers, and return how many batches it has seen.

    A checkpoint of another run, or one that was cut short, counts as none.
    """
    try:
        with path.open("rb") as file, np.load(file) as archive:
            if str(archive["run"]) != repr(asdict(run)):
                return 0
            state = {name: archive[name] for name in archive.files}
    except (FileNotFoundError, zipfile.BadZipFile, EOFError, ValueError):
        return 0
    network.restore(state)
    return int(state["done"])


def _share(kind: str) -> float:
    return _SHARES.get(kind, _OTHER_ROMANISED if kind.startswith("rom_") else _OTHER)


def _draw_table(group: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return texts, English sides and cumulative weights of the rows of one kind."""
    size = group["language"].map(group["language"].value_counts()).to_numpy(dtype=float)
    weight = language_weight(group["language"]) / np.sqrt(size)
    return group["text_id"].to_numpy(), group["english_id"].to_numpy(), np.cumsum(weight / weight.sum())
