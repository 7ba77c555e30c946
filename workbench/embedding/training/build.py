"""From tables of pairs to a model file and its card: the table of contents of a training."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.embedding.model_file import write_model
from workbench.embedding.static import StaticEncoder
from workbench.embedding.tokeniser import WORD_START
from workbench.embedding.training.blend import blend_table
from workbench.embedding.training.card import Outcome, write_card
from workbench.embedding.training.corpus import (
    add_romanised,
    attach_teacher,
    read_corpus,
    read_vocabulary,
    reading_shares,
    spelled_in_latin,
    write_corpus,
)
from workbench.embedding.training.english import read_english, read_texts
from workbench.embedding.training.exclusion import find_evaluation_rows
from workbench.embedding.training.grading import grade_table
from workbench.embedding.training.network import Network
from workbench.embedding.training.pairs import read_pairs
from workbench.embedding.training.runs import Run, Tell, start_vectors, train_network
from workbench.embedding.training.teacher import TESTED, embed_english, find_teacher, reduce_vectors
from workbench.embedding.training.validation import score_validation
from workbench.embedding.training.vocabulary import choose_vocabulary, count_words, learn_pieces
from workbench.errors import InputError
from workbench.feedback.spreadsheets import write_csv

_SPECIAL = 2
_SILENCED = 0.001
_KOREAN = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True)
class Recipe:
    """How an encoder is trained; what stands here made the shipped one.

    Attributes
    ----------
    tokens, dimensions : int
        Entries of the vocabulary, and numbers of a vector.
    pieces, cjk_pieces : int
        How many of the entries are pieces of words, and of Chinese and Japanese runs.
    runs : tuple of Run
        Runs from start vectors, whose weighted mean is taken.
    run_weights : tuple of float
        Of the runs in their mean.
    own_weight : float
    blend_weights : tuple of float
        Of the mean table and of the other models that are blended in, where they are given.
    bits : float
        That a number of the table takes in the file, on average.
    teacher : str
        A sentence-transformers model of English.
    """

    tokens: int = 170_000
    dimensions: int = 256
    pieces: int = 26_000
    cjk_pieces: int = 20_000
    runs: tuple[Run, ...] = (Run(9000, 768, 4e-3, 2.0, 0), Run(6500, 768, 4e-3, 4.0, 1))
    run_weights: tuple[float, ...] = (0.35, 0.65)
    own_weight: float = 0.38
    blend_weights: tuple[float, ...] = (0.35, 0.12)
    bits: float = 1.945
    teacher: str = TESTED


def shortened(share: float, teacher: str = TESTED) -> Recipe:
    """Return the shipped recipe with a share of its batches.

    Examples
    --------
    >>> shortened(0.1).runs[0].steps
    900
    """
    plan = Recipe(teacher=teacher)

    def short(run: Run) -> Run:
        return replace(run, steps=max(1, round(run.steps * share)))

    return replace(plan, runs=tuple(map(short, plan.runs)))


def train_encoder(
    pairs: Sequence[str | Path],
    output: str | Path,
    *,
    english: Sequence[str | Path] = (),
    evaluation: Sequence[str | Path] = (),
    recipe: Recipe | None = None,
    seed: int = 0,
    share_alike: bool = True,
    without: Sequence[str] = (),
    blend: Sequence[str | Path] = (),
    work: str | Path | None = None,
    threads: int = 2,
    tell: Tell = print,
) -> Outcome:
    """Train an encoder from parallel pairs and a teacher of English, and write its file and its card.

    What is finished lies in the work folder and is not done again, so that a run that was stopped goes on.

    Parameters
    ----------
    pairs
        Tables of pairs, as for `read_pairs`.
    output
        The model file, ``NAME.npz``; the card is written beside it as ``NAME.md``, rejected rows as
        ``NAME.rejected.csv``.
    english
        Tables with a column ``text``: English only, for the teacher; see `read_english`.
    evaluation
        Tables with a column ``text``: no pair may hold one of these sentences, nor nearly so.
    recipe
        How to train; the shipped one by default.
    seed
        Shifts the seed of every run; also that of the rotation and the spellings in Latin letters.
    share_alike
        Whether rows under share-alike licences are used.
    without
        Codes of languages whose rows are left out.
    blend
        Model files that are blended in, at most as many as the recipe has weights for. The Korean words of the first
        enter the vocabulary.
    work
        Folder for what can be gone on from; beside `output` by default.
    threads
        Of the processor; with two or more, the teacher reads while words are counted, and runs go side by side.
    tell
        Called with lines about progress.

    Returns
    -------
    Outcome
        What was read, rejected and reached.

    Raises
    ------
    InputError
        If no row can be used, a table cannot be read, or the work folder is that of another training.
    EncoderError
        If the teacher cannot be loaded.
    """
    plan = _seeded(recipe or Recipe(), seed)
    output = Path(output)
    folder = Path(work) if work else output.with_name(f"{output.stem}.work")
    folder.mkdir(parents=True, exist_ok=True)
    files = [*pairs, *english, *evaluation, *blend]
    _check_same_work(folder, files, plan, (share_alike, *without))
    table, rejected = _usable_pairs(pairs, evaluation, share_alike, without)
    tell(f"pairs: {len(table):,} kept, {len(rejected):,} rejected")
    only = read_english(english, share_alike)
    _prepare(folder, table, only["text"], plan, _korean_words(blend), seed, threads, tell)
    tables = _run_side_by_side(folder, plan, threads, tell)
    mean = _mean_table(folder, tables, plan, blend, seed)
    write_model(output, grade_table(*read_vocabulary(folder), mean, reading_shares(read_corpus(folder)), plan.bits))
    write_csv(rejected, output.with_suffix(".rejected.csv"))
    outcome = Outcome(table, rejected, only, asdict(plan), seed, share_alike, score_validation(output, table),
                      tuple(Path(file).name for file in evaluation), tuple(Path(file).name for file in blend))
    write_card(output, outcome)
    return outcome


def _seeded(recipe: Recipe, seed: int) -> Recipe:
    def shifted(run: Run) -> Run:
        return replace(run, seed=run.seed + 100 * seed)

    return replace(recipe, runs=tuple(map(shifted, recipe.runs)))


def _check_same_work(folder: Path, files: Sequence[str | Path], plan: Recipe, left_out: tuple[object, ...]
                     ) -> None:
    """Raise if a work folder is that of another training: nothing in it could be told apart from this one's."""
    try:
        digests = [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in files]
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read ({error.strerror}).") from error
    now = hashlib.sha256(json.dumps([digests, asdict(plan), left_out]).encode()).hexdigest()
    stamp = folder / "training.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") != now:
        raise InputError(f"{folder} holds a training on other tables or by another recipe; name another folder with "
                         "--work, or remove it.")
    stamp.write_text(now, encoding="utf-8")


def _usable_pairs(files: Sequence[str | Path], evaluation: Sequence[str | Path], share_alike: bool,
                  without: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    pairs, rejected = read_pairs(files)
    if evaluation:
        reason = find_evaluation_rows(pairs, pd.concat([read_texts(file)["text"] for file in evaluation]))
        found = reason.ne("")
        rejected = pd.concat([rejected, pairs[found].assign(reason=reason[found], file="all")], ignore_index=True)
        pairs = pairs[reason.eq("")]
    left_out = {"left_out_language": pairs["language"].isin(without), "share_alike": pairs["share_alike"]}
    for name in ("left_out_language",) if share_alike else left_out:
        found = left_out[name].reindex(pairs.index)
        rejected = pd.concat([rejected, pairs[found].assign(reason=name, file="all")], ignore_index=True)
        pairs = pairs[~found]
    if not pairs["split"].eq("train").any():
        common = ", ".join(rejected["reason"].value_counts().index[:2]) or "the tables are empty"
        raise InputError(f"None of {len(pairs) + len(rejected):,} rows can be trained on: {common}.")
    return pairs.reset_index(drop=True), rejected.reset_index(drop=True)


def _korean_words(blend: Sequence[str | Path]) -> list[str]:
    """Return the Korean words of the first of the models that are blended in: translated pairs hold few of them."""
    vocabulary = StaticEncoder(blend[0]).vocabulary() if blend else {}
    return sorted(word for word in vocabulary if word.startswith(WORD_START) and _KOREAN.search(word))


def _prepare(folder: Path, pairs: pd.DataFrame, only: pd.Series, plan: Recipe, korean: list[str], seed: int,
             threads: int, tell: Tell) -> None:
    """Write the corpus with its teacher vectors, unless it is there; the teacher reads while words are counted."""
    if (folder / "ready").exists():
        return
    find_teacher(plan.teacher)  # before the minutes that the vocabulary takes
    texts = pd.concat([pairs["english"], only]).drop_duplicates()
    texts = texts.iloc[np.lexsort((texts, texts.str.len()))].reset_index(drop=True)
    read = partial(embed_english, plan.teacher, texts, folder / "teacher", tell, threads)
    if threads < 2:
        _write_tokens(folder, pairs, only, plan, korean, seed, tell)
    else:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            reading = pool.submit(_read_only, read)
            _write_tokens(folder, pairs, only, plan, korean, seed, tell)
            reading.result()
    attach_teacher(folder, texts, reduce_vectors(read(), plan.dimensions, seed))
    (folder / "ready").touch()


def _read_only(read: Callable[[], np.ndarray]) -> None:
    """Let the teacher read; its vectors lie in the folder, and need not go from process to process."""
    read()


def _write_tokens(folder: Path, pairs: pd.DataFrame, only: pd.Series, plan: Recipe, korean: list[str], seed: int,
                  tell: Tell) -> None:
    """Choose the vocabulary and write all texts as its tokens."""
    train = pairs[pairs["split"] == "train"]
    words = count_words(add_romanised(train, seed), pd.concat([train["english"].drop_duplicates(), only]))
    parts = learn_pieces(words, plan.pieces, plan.cjk_pieces)
    own = train[train["kind"] == "own"]
    keep = count_words(own, own["english"])["word"].tolist() if len(own) else []
    vocabulary = choose_vocabulary(words, plan.tokens, parts, [*keep, *korean])
    tell(f"vocabulary: {len(vocabulary[0]):,} entries")
    write_corpus(folder, add_romanised(pairs, seed), only, vocabulary, parts)


def _run_side_by_side(folder: Path, plan: Recipe, threads: int, tell: Tell) -> list[np.ndarray]:
    """Return the tables of the first runs."""
    if threads < 2 or len(plan.runs) < 2:
        return [_one_run(folder, plan, number, threads, tell) for number in range(len(plan.runs))]
    work = partial(_one_run, folder, plan, threads=max(1, threads // len(plan.runs)), tell=tell)
    with ProcessPoolExecutor(min(threads, len(plan.runs)), mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, range(len(plan.runs))))


def _one_run(folder: Path, plan: Recipe, number: int, threads: int, tell: Tell) -> np.ndarray:
    from threadpoolctl import threadpool_limits

    corpus, run = read_corpus(folder), plan.runs[number]
    with threadpool_limits(threads):
        network = Network(start_vectors(corpus))
        train_network(network, corpus, run, folder / f"run-{number + 1}.npz", tell)
    return network.table


def _mean_table(folder: Path, tables: list[np.ndarray], plan: Recipe, blend: Sequence[str | Path], seed: int
                ) -> np.ndarray:
    """Return the mean of the tables of the runs, with other models blended in where they are given."""
    table: np.ndarray = np.average(tables, axis=0, weights=plan.run_weights)
    if blend:
        texts = pd.read_parquet(folder / "texts.parquet")["text"].to_numpy()
        english = texts[pd.read_parquet(folder / "rows.parquet", columns=["english_id"])["english_id"].unique()]
        others = [(Path(file), weight) for file, weight in zip(blend, plan.blend_weights, strict=False)]
        table = blend_table(table, *read_vocabulary(folder), others, plan.own_weight, english.tolist(),
                            spelled_in_latin(read_corpus(folder)), seed)
    table[:_SPECIAL] *= _SILENCED  # unknown letters say nothing
    return table.astype(np.float32)
