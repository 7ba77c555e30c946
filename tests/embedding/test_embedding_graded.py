from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.embedding import StaticEncoder
from workbench.embedding.graded import GradedModel, letters, pack_steps
from workbench.embedding.model_file import read_model, write_model
from workbench.embedding.training.corpus import Corpus, reading_shares
from workbench.embedding.training.grading import grade_table
from workbench.embedding.training.rows import add_rows, change_rows
from workbench.errors import EncoderError

TOKENS, DIMENSIONS = 600, 24
TEXTS = ["late invoice", "دیر", "اللغة", ""]


@pytest.fixture(scope="module")
def table():
    draw = np.random.default_rng(3)
    spread = np.linspace(2, 0.1, DIMENSIONS) @ np.linalg.qr(draw.normal(size=(DIMENSIONS, DIMENSIONS)))[0]
    rows = draw.normal(size=(TOKENS, DIMENSIONS)) * np.abs(spread)
    return (rows * draw.uniform(0.3, 2, (TOKENS, 1))).astype(np.float32)


@pytest.fixture(scope="module")
def counts():
    return 1 / np.arange(1, TOKENS + 1)


@pytest.fixture(scope="module")
def pieces():
    letters = {letter for text in TEXTS for letter in text if letter != " "}
    words = ["<unk>", "<pad>", "▁", "▁late", "▁invoice", "▁دیر", *sorted(letters)]
    return [*words, *(f"w{number}" for number in range(TOKENS - len(words)))]


@pytest.fixture(scope="module")
def graded(table, counts, pieces):
    return grade_table(pieces, np.full(TOKENS, -10.0), table, counts, 2.5)


@pytest.fixture
def file(graded, tmp_path):
    write_model(tmp_path / "m.npz", graded)
    return tmp_path / "m.npz"


def likeness_error(table, model):
    """The mean squared error of dot products, relative; the model's vectors are turned, dot products are not."""
    rows = model.table()
    return np.square(rows @ rows.T - table @ table.T).sum() / np.square(table @ table.T).sum()


def token_errors(table, model):
    """The squared error of each token after the turn that fits best, relative to the mean squared length."""
    left, _, right = np.linalg.svd(model.table().T @ table)
    return np.square(model.table() @ (left @ right) - table).sum(1) / np.square(table).sum(1).mean()


@pytest.mark.parametrize("seed", range(4))
def test_packed_numbers_are_found_again_whichever_are_asked_for(seed):
    draw = np.random.default_rng(seed)
    limits = draw.integers(0, [[128], [4], [2]], (3, 11)).astype(np.uint8)
    grades = draw.integers(0, 3, 50).astype(np.uint8)
    numbers = draw.integers(-limits[grades].astype(int), limits[grades].astype(int) + 1)
    model = GradedModel(["x"] * 50, np.zeros(50), grades, np.ones(3, np.float32), limits,
                        np.zeros((3, 11, 2), np.float16), pack_steps(numbers, grades, limits))
    assert model.is_whole
    np.testing.assert_array_equal(model.numbers(np.arange(50)), numbers)
    np.testing.assert_array_equal(model.table(), numbers)
    some = draw.integers(0, 50, 20)
    np.testing.assert_array_equal(model.rows(some), model.table()[some])


def test_a_byte_is_shared_as_long_as_it_has_a_value_for_every_combination():
    letter, divisor = letters(np.array([[127, 0, 0, 1], [2, 2, 2, 2]], np.uint8))
    assert letter.tolist() == [[0, 0, 0, 1], [0, 0, 0, 1]]
    assert divisor.tolist() == [[1, 255, 255, 1], [1, 5, 25, 1]]


def test_numbers_are_put_back_in_steps_a_little_shorter():
    numbers = np.array([[0, 1, -1, 3, -3]])
    limits, grades = np.full((1, 5), 3, np.uint8), np.zeros(1, np.uint8)
    shifts = np.broadcast_to(np.array([0.25, 0.5], np.float16), (1, 5, 2))
    model = GradedModel(["x"], np.zeros(1), grades, np.array([2], np.float32), limits, shifts,
                        pack_steps(numbers, grades, limits))
    assert model.table().tolist() == [[0, 1.5, -1.5, 5, -5]]


def test_what_is_written_is_read_again(graded, file):
    back = read_model(file.read_bytes(), file)
    assert isinstance(back, GradedModel)
    assert back.pieces == graded.pieces
    for name in ("scores", "grades", "steps", "limits", "shifts", "packed"):
        np.testing.assert_array_equal(getattr(back, name), getattr(graded, name))
    np.testing.assert_array_equal(back.table(), graded.table())
    assert not list(file.parent.glob(".*"))


def test_the_encoder_adds_up_its_tokens(file):
    encoder = StaticEncoder(file)
    vectors, table = encoder.encode(TEXTS), encoder.table()
    assert encoder.dimensions == DIMENSIONS
    for vector, ids in zip(vectors, encoder.tokenise(TEXTS), strict=True):
        expected = table[ids].sum(0)
        np.testing.assert_allclose(vector, expected / max(np.linalg.norm(expected), 1e-9), atol=1e-6)


def test_the_same_table_gives_the_same_bytes(table, counts, pieces, file, tmp_path):
    write_model(tmp_path / "again.npz", grade_table(pieces, np.full(TOKENS, -10.0), table, counts, 2.5))
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()


def test_more_bits_make_a_larger_file_and_a_smaller_error(table, counts, pieces):
    models = [grade_table(pieces, np.zeros(TOKENS), table, counts, bits) for bits in (1.0, 2.0, 4.0)]
    errors = [likeness_error(table, model) for model in models]
    assert errors[0] > 2 * errors[1] > 8 * errors[2]
    assert errors[2] < 0.01


def test_tokens_that_are_read_often_are_the_precise_ones(table, counts, graded, pieces):
    errors = token_errors(table, graded)
    assert errors[-200:].mean() > 2 * errors[:100].mean()
    alike = token_errors(table, grade_table(pieces, np.zeros(TOKENS), table, np.ones(TOKENS), 2.5))
    assert counts @ errors < 0.8 * (counts @ alike)


def test_lengths_of_a_grade_stay_on_average(table, graded):
    lengths = [np.bincount(graded.grades, np.linalg.norm(rows, axis=1)) for rows in (table, graded.table())]
    np.testing.assert_allclose(lengths[1], lengths[0], rtol=1e-3)


def test_tokens_that_no_text_has_and_rows_of_nought_are_held(pieces):
    rows = np.random.default_rng(0).normal(size=(TOKENS, 8)).astype(np.float32)
    rows[:2] = 0
    model = grade_table(pieces, np.zeros(TOKENS), rows, np.zeros(TOKENS), 3.0)
    assert not model.table()[:2].any()
    assert np.isfinite(model.table()).all()


def test_changed_rows_are_near_what_was_asked_and_others_the_same(graded):
    tokens = np.array([5, 300, 599])
    wanted = graded.table()[[7, 8, 9]] * 3
    changed = change_rows(graded, tokens, wanted)
    others = np.setdiff1d(np.arange(TOKENS), tokens)
    np.testing.assert_array_equal(changed.table()[others], graded.table()[others])
    cosine = (changed.rows(tokens) * wanted).sum(1) / np.linalg.norm(wanted, axis=1) ** 2
    np.testing.assert_allclose(cosine, 1, atol=0.1)


def test_added_rows_stand_behind_the_others(graded):
    wanted = graded.table()[[3, 4]]
    grown = add_rows(graded, ["▁new", "▁words"], np.full(2, -14, np.float16), wanted)
    assert grown.is_whole
    assert grown.pieces[-2:] == ["▁new", "▁words"]
    np.testing.assert_array_equal(grown.table()[:TOKENS], graded.table())
    cosine = (grown.table()[-2:] * wanted).sum(1) / np.linalg.norm(wanted, axis=1) ** 2
    np.testing.assert_allclose(cosine, 1, atol=0.3)


@pytest.mark.parametrize("version", [1, 2])
def test_both_versions_grow(graded, first_version, version):
    model = graded if version == 2 else first_version
    rows = model.rows(np.array([50, 51]))
    grown = add_rows(model, ["▁neu1", "▁neu2"], np.full(2, -14, np.float16), rows)
    assert type(grown) is type(model)
    np.testing.assert_allclose(np.linalg.norm(grown.rows(np.array([len(model.pieces)]))),
                               np.linalg.norm(rows[0]), rtol=0.3)


@pytest.mark.parametrize("change", [
    lambda content: content[: len(content) // 2],
    lambda content: content[:-30],
    lambda content: content[: len(content) // 2] + b"\x00" * 32 + content[len(content) // 2 + 32 :],
])
def test_a_file_cut_short_or_altered_is_refused(file, change):
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(EncoderError, match=r"m\.npz is not an encoder file .* cut short or altered"):
        StaticEncoder(file)


@pytest.mark.parametrize(("change", "message"), [
    ({"version": np.int64(3)}, "format version 3, and this program reads versions 1 and 2"),
    ({"steps": None}, "it lacks steps"),
    ({"packed": np.zeros(40, np.uint8)}, "cut short or altered"),
    ({"grades": np.zeros(TOKENS, np.uint8)}, "arrays differ in length"),
    ({"grades": np.full(TOKENS, 200, np.uint8)}, "arrays differ in length"),
    ({"scores": np.zeros(3, np.float16)}, "arrays differ in length"),
    ({"shifts": np.zeros((2, 2), np.float16)}, "arrays differ in length"),
    ({"limits": np.zeros(5, np.uint8)}, "arrays differ in length"),
    ({"version": np.int64(1)}, "it lacks cb, codes, norms"),
])
def test_parts_that_do_not_fit_each_other_are_told(file, change, message):
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files} | change
    np.savez(file, **{name: value for name, value in arrays.items() if value is not None})
    with pytest.raises(EncoderError, match=f"m.npz is not an encoder file that this version reads: .*{message}"):
        StaticEncoder(file)


def test_a_grade_without_tokens_is_no_harm(graded):
    grown = replace(graded, steps=np.append(graded.steps, np.float32(1)),
                    limits=np.vstack([graded.limits, np.ones((1, DIMENSIONS), np.uint8)]),
                    shifts=np.concatenate([graded.shifts, graded.shifts[:1]]))
    assert grown.is_whole
    np.testing.assert_array_equal(grown.table(), graded.table())


def test_each_language_is_counted_by_itself_and_own_rows_are_half_of_it():
    rows = pd.DataFrame({"language": ["de", "de", "de", "fa"], "kind": ["sent", "sent", "own", "sent"],
                         "split": "train", "text_id": [0, 1, 2, 3], "english_id": 4})
    rows.loc[len(rows)] = ["de", "sent", "validation", 5, 4]
    ids, offsets = np.array([0, 0, 1, 2, 3, 4, 5]), np.array([0, 2, 3, 4, 5, 6, 7])
    nothing = np.zeros(0)
    corpus = Corpus(rows, nothing, ids, offsets, nothing, nothing, np.zeros(6, bool), nothing, nothing)
    expected = np.array([1 / 3, 1 / 6, 1 / 2, 1, 4, 0])
    np.testing.assert_allclose(reading_shares(corpus), expected / expected.sum())
