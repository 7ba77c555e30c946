import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from workbench.embedding import (
    HubEncoder,
    StaticEncoder,
    embed,
    encoders,
    identify_encoder,
    load_encoder,
    reader,
    static,
)
from workbench.embedding.cache import forget_vectors
from workbench.embedding.model_file import read_model
from workbench.embedding.static import EMBEDDED_MODEL
from workbench.embedding.tokeniser import build_tokenizer
from workbench.errors import DiskError, EncoderError, InputError, StoreError

TEXTS = ["the invoice is wrong", "الفاتورة غلط", "صورتحساب اشتباه است", "Die Rechnung ist falsch", "账单错了", "",
         "😡😡😡", "a" * 5000]


class CountingEncoder:
    """A three-dimensional encoder that remembers what it was asked."""

    name, identity, dimensions = "counting", "0" * 64, 3

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked.extend(texts)
        return np.stack([[len(text), text.count("a"), 1.0] for text in texts]).astype(np.float32)


@pytest.fixture(scope="module")
def encoder():
    return StaticEncoder()


def test_translations_are_near_and_other_things_far(encoder):
    vectors = encoder.encode([*TEXTS[:5], "the courier was very friendly"])
    assert (vectors[:5] @ vectors[:5].T).min() > 0.5
    assert (vectors[:5] @ vectors[5]).max() < 0.3


def test_each_text_stands_for_itself(encoder):
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(encoder.encode(TEXTS[::-1])[::-1], together)


def test_lengths_are_one_or_nought(encoder):
    lengths = np.linalg.norm(encoder.encode(TEXTS), axis=1)
    assert lengths[5] == 0
    assert np.allclose(np.delete(lengths, 5), 1, atol=1e-5)


def test_persian_typed_with_arabic_letters_is_the_same(encoder):
    persian, arabic_keyboard = encoder.encode(["کیفیت پشتیبانی", "كيفيت پشتيباني"])
    np.testing.assert_allclose(persian, arabic_keyboard, atol=1e-6)


def test_vectors_are_those_of_texts_cut_up_whole(encoder):
    model = read_model(EMBEDDED_MODEL.read_bytes(), EMBEDDED_MODEL)
    tokenizer = build_tokenizer(model.pieces, model.scores)
    table = model.table()
    texts = [*TEXTS, "tab\there\x0band\u2003there\u3000また", "one\x1cword", "l'été, c'est\xa0fini!!", "İADE ΟΔΟΣ ﬁn",
             "می‌شود نمی\u200cشود", "配送很慢 ルーターが遅い", "\u0640\u064b", "late " * 300,
             "late\n\n\u0301e \u0327c", "\n", " "]
    ids = [one.ids for one in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    sums = np.stack([table[one].sum(axis=0) if one else np.zeros(table.shape[1], np.float32) for one in ids])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    assert encoder.tokenise(texts) == ids
    np.testing.assert_array_equal(encoder.encode(texts), np.where(lengths > 1e-9, sums / np.maximum(lengths, 1e-9), 0))
    np.testing.assert_array_equal(encoder.table(), table)


def test_words_may_be_forgotten_between_batches(encoder, monkeypatch):
    expected = encoder.encode(TEXTS)
    monkeypatch.setattr(reader, "_MOST_WORDS", 0)
    monkeypatch.setattr(static, "_BATCH", 2)
    np.testing.assert_array_equal(StaticEncoder().encode(TEXTS), expected)


def test_a_cache_of_the_older_kind_is_read_and_written(tmp_path, encoder):
    file = tmp_path / f"{encoder.identity[:32]}.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    expected = embed(TEXTS, encoder)
    for _ in range(2):
        np.testing.assert_array_equal(embed(TEXTS, encoder, cache=tmp_path), expected)


def broken(tmp_path, change):
    content = bytearray(EMBEDDED_MODEL.read_bytes())
    path = tmp_path / "model.npz"
    path.write_bytes(change(content))
    return path


@pytest.mark.parametrize(("change", "message"), [
    (lambda content: content[: len(content) // 2], "cut short or altered"),
    (lambda content: content[:5_000_000] + b"\x00" * 64 + content[5_000_064:], "cut short or altered"),
    (lambda content: b"not a model", "cut short or altered"),
])
def test_a_broken_model_file_is_refused(tmp_path, change, message):
    with pytest.raises(EncoderError, match=rf"/model\.npz is not an encoder file .*{message}\. Copy it anew"):
        StaticEncoder(broken(tmp_path, change))


def test_a_file_of_another_format_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", weights=np.eye(2))
    with pytest.raises(EncoderError, match="it lacks cb, codes, norms, scores, vocab"):
        StaticEncoder(tmp_path / "other.npz")


def test_the_file_of_the_package_is_to_be_installed_again():
    with pytest.raises(EncoderError, match=r"embedded-3\.npz is not .* altered\. Reinstall the package, or name"):
        read_model(b"", EMBEDDED_MODEL)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(EncoderError, match=r"none\.npz cannot be read .* write `encoder: embedded`"):
        StaticEncoder(tmp_path / "none.npz")


def test_equal_texts_are_encoded_once(tmp_path):
    encoder = CountingEncoder()
    vectors = embed(["b", "a", "b"], encoder, cache=tmp_path)
    assert encoder.asked == ["a", "b"]
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_known_texts_are_not_encoded_again(tmp_path):
    first = embed(["a", "b"], CountingEncoder(), cache=tmp_path)
    encoder = CountingEncoder()
    told = []
    again = embed(["b", "c", "a"], encoder, cache=tmp_path, progress=lambda done, total: told.append((done, total)))
    assert encoder.asked == ["c"]
    np.testing.assert_array_equal(again[[2, 0]], first)
    assert told == [(2, 3), (3, 3)]


def test_the_cache_holds_no_text(tmp_path):
    embed(["a secret sentence"], CountingEncoder(), cache=tmp_path)
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_damaged_cache_is_told_with_what_to_do(tmp_path):
    embed(["a"], CountingEncoder(), cache=tmp_path)
    file = next(tmp_path.glob("*.sqlite"))
    file.write_bytes(b"no database " * 400)
    for use in (lambda: embed(["a"], CountingEncoder(), cache=tmp_path), lambda: forget_vectors(tmp_path, [b"a"])):
        with pytest.raises(StoreError, match=rf"{file.name} cannot be used \(file is not a database\).*remove it"):
            use()


@pytest.mark.parametrize(("texts", "given", "message"), [
    (3, {}, "Texts to encode are given as a list or a column"),
    (["a"], {"encoder": None}, "encoder: expected the name of an encoder, or one from `load_encoder`, found None"),
    (["a"], {"cache": 3}, "cache: expected a path, found int"),
    (["a"], {"cache": __file__}, "cannot be written .File exists"),
])
def test_what_cannot_be_encoded_or_kept_is_told(texts, given, message):
    with pytest.raises(InputError, match=message):
        embed(texts, **given)


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path, monkeypatch):
    before = embed(["a"], CountingEncoder(), cache=tmp_path)
    connect = sqlite3.connect

    def small(*given, **options):
        connection = connect(*given, **options)
        connection.execute("PRAGMA max_page_count=6")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(DiskError, match=r"cannot be written \(database or disk is full\)"):
        embed([str(number) for number in range(4000)], CountingEncoder(), cache=tmp_path)
    monkeypatch.undo()
    encoder = CountingEncoder()
    np.testing.assert_array_equal(embed(["a"], encoder, cache=tmp_path), before)
    assert encoder.asked == []


def test_a_new_cache_that_another_process_opens_as_well_is_waited_for(tmp_path, monkeypatch):
    with closing(sqlite3.connect(tmp_path / f"{CountingEncoder.identity[:32]}.sqlite")) as other:
        other.execute("CREATE TABLE begun (key BLOB)")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("workbench.embedding.cache.time.sleep", lambda _: other.commit())
        embed(["a"], CountingEncoder(), cache=tmp_path)
    encoder = CountingEncoder()
    embed(["a"], encoder, cache=tmp_path)
    assert encoder.asked == []


def test_another_model_has_another_cache(tmp_path):
    embed(["a"], CountingEncoder(), cache=tmp_path)
    other = CountingEncoder()
    other.identity = "1" * 64
    embed(["a"], other, cache=tmp_path)
    assert other.asked == ["a"]
    assert len(list(tmp_path.glob("*.sqlite"))) == 2


@pytest.mark.parametrize("change", ["file", "code", "tokenizers"])
def test_another_way_of_encoding_has_another_cache(monkeypatch, tmp_path, change, request):
    request.addfinalizer(static._code.cache_clear)  # what is asked under the patch must not be remembered
    before = identify_encoder("embedded")
    model = EMBEDDED_MODEL
    static._code.cache_clear()
    if change == "file":
        model = tmp_path / "model.npz"
        model.write_bytes(EMBEDDED_MODEL.read_bytes() + b" ")
    elif change == "code":
        other = tmp_path / "static.py"
        other.write_text("# folds otherwise\n")
        monkeypatch.setattr(static, "__file__", str(other))
    else:
        monkeypatch.setattr(static, "version", lambda _: "another")
    try:
        after = static.static_identity(model)
    finally:
        static._code.cache_clear()
    assert after != before
    assert int(after, 16)
    assert identify_encoder(str(model)) == StaticEncoder(model).identity == static.static_identity(model)


def test_two_processes_may_write_at_once(tmp_path):
    embed(["a"], CountingEncoder(), cache=tmp_path)
    path = next(tmp_path.glob("*.sqlite"))
    with sqlite3.connect(path) as reader:
        reader.execute("SELECT count(*) FROM vectors").fetchone()
        embed(["b"], CountingEncoder(), cache=tmp_path)
    reader.close()


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A sentence-transformers model of five words, saved here: real code, no download."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: number for number, word in enumerate(["[UNK]", "late", "دیر", "bill", "فاتورة"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(0).normal(size=(len(words), 8)).astype(np.float32)
    folder = tmp_path_factory.mktemp("hub") / "tiny-e5"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)]).save(str(folder))
    return folder


@pytest.mark.filterwarnings("default")  # the libraries below warn about themselves
def test_a_local_sentence_transformers_model_serves_as_an_encoder(tiny_model):
    encoder = load_encoder(str(tiny_model))
    assert isinstance(encoder, HubEncoder)
    vectors = encoder.encode(["late bill", "دیر"])
    assert vectors.shape == (2, 8)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, 8)
    assert identify_encoder(str(tiny_model)) == encoder.identity


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["nobody/no-such-model", "./no-such-folder", "/no/such/folder"])
def test_a_hub_model_out_of_reach_is_an_error_and_never_another_model(name):
    with pytest.raises(EncoderError, match=rf"'{name}' could not be loaded .*`encoder: embedded`"):
        load_encoder(name)


@pytest.mark.parametrize(("name", "value"), [("_version", lambda _: "another"), ("_NORMALISED", False),
                                             ("_prefix", lambda _: "passage: ")])
def test_another_way_of_asking_a_model_has_another_cache(tiny_model, monkeypatch, name, value):
    before = identify_encoder(str(tiny_model))
    monkeypatch.setattr(encoders, name, value)
    assert identify_encoder(str(tiny_model)) != before


def test_a_hub_model_whose_version_cannot_be_told_is_an_error(monkeypatch):
    monkeypatch.setattr(encoders, "_load_model", lambda _: None)
    monkeypatch.setattr(encoders, "_cached_commit", lambda _: None)
    with pytest.raises(EncoderError, match=r"'some/model' was loaded, but its config\.json .*Save the model"):
        identify_encoder("some/model")


@pytest.mark.parametrize("text", ["გამარჯობა მეგობრებო", "வணக்கம்", "ᚠᚢᚦ ᚨᚱ", "\u00a0\u3000", "\u200c"])
def test_a_text_of_which_nothing_is_known_has_the_zero_vector(encoder, text):
    assert not encoder.encode([text, "late"])[0].any()
    assert encoder.encode(["late " + text])[0].any()


@pytest.mark.parametrize(("broken", "whole"), [("\ud83d\ude21 late", "😡 late"), ("late \ud83d", "late \ufffd"),
                                               ("\udc80", "\ufffd")])
def test_halves_of_surrogate_pairs_are_joined_or_replaced(encoder, tiny_model, broken, whole):
    np.testing.assert_array_equal(*encoder.encode([broken, whole]))
    np.testing.assert_array_equal(*load_encoder(str(tiny_model)).encode([broken, whole]))
    assert embed([broken]).shape == (1, 256)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_text_counts_as_empty(encoder, missing):
    vectors = embed(["b", missing, "a"], encoder)
    assert not vectors[1].any()
    np.testing.assert_array_equal(vectors[[0, 2]], embed(["b", "a"], encoder))


@pytest.mark.parametrize(("texts", "message"), [
    ("late delivery", r"a list or a column; a single one as \[text\]"),
    (["late", 3.5, "دیر"], "number 2 of 3 is of the type float"),
    (pd.Series([1, 2]), "number 1 of 2 is of the type int"),
])
def test_what_is_no_text_is_told(texts, message):
    with pytest.raises(InputError, match=message):
        embed(texts)
