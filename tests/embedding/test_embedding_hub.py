import numpy as np
import pytest

from workbench.embedding import HubEncoder, StaticEncoder, encoders, identify_encoder, load_encoder
from workbench.embedding.encoders import choose_device
from workbench.embedding.presets import PRESETS, find_preset

pytestmark = pytest.mark.filterwarnings("default")  # the libraries below warn about themselves


@pytest.fixture(scope="module")
def transformer(tmp_path_factory):
    """A BERT of two tiny layers and a dozen words, saved here as a sentence-transformers folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("hub")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "late", "دیر", "فاتورة", "bill", "query", ":", "spät"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, model_max_length=16)
    tokenizer.save_pretrained(folder / "bert")
    config = BertConfig(vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=16, max_position_embeddings=16)
    BertModel(config).save_pretrained(folder / "bert")
    layers = Transformer(str(folder / "bert"), max_seq_length=16)
    model = SentenceTransformer(modules=[layers, Pooling(16)], device="cpu")
    model.save(str(folder / "tiny-e5"))
    model.save(str(folder / "tiny"))
    return folder


def test_each_preset_is_found_by_short_and_hub_name():
    for short, preset in PRESETS.items():
        assert find_preset(short) is find_preset(preset.model) is preset
    assert {short: preset.prefix for short, preset in PRESETS.items() if preset.prefix} == {
        "multilingual-e5-small": "query: "}


def test_a_model_gets_its_prefix_and_gives_unit_vectors(transformer):
    plain, prefixed = (load_encoder(str(transformer / name)) for name in ("tiny", "tiny-e5"))
    np.testing.assert_allclose(prefixed.encode(["late"]), plain.encode(["query: late"]), atol=1e-6)
    assert not np.allclose(prefixed.encode(["late"]), plain.encode(["late"]), atol=1e-3)
    vectors = plain.encode(["late", "", "دیر", "  "])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 0], atol=1e-5)


def test_texts_that_are_cut_are_told_once_and_in_our_words(transformer, caplog):
    from transformers.utils import logging

    logging.enable_propagation()
    encoder = HubEncoder(str(transformer / "tiny"))
    with pytest.warns(UserWarning, match="1 of 2 texts are longer than the 16 tokens"):
        encoder.encode(["late " * 40, "late"])
    logging.disable_propagation()
    assert "indexing errors" not in caplog.text


def test_a_short_text_of_many_tokens_is_told(transformer):
    encoder = HubEncoder(str(transformer / "tiny"))
    with pytest.warns(UserWarning, match="1 of 2 texts are longer than the 16 tokens"):
        encoder.encode(["遅" * 15, "遅" * 14])  # with the marks of beginning and end 17 tokens, and 16


def test_a_preset_rules_tokens_and_batches(transformer, monkeypatch):
    from dataclasses import replace

    preset = replace(PRESETS["bge-m3"], model=str(transformer / "tiny"), most_tokens=4, batch_size=2)
    monkeypatch.setitem(PRESETS, "bge-m3", preset)
    encoder = load_encoder("bge-m3")
    assert encoder.batch_size == 2
    with pytest.warns(UserWarning, match="longer than the 4 tokens"):
        encoder.encode(["late bill late bill"])


def test_half_precision_is_another_model(transformer):
    name = str(transformer / "tiny")
    full, half = HubEncoder(name, device="cpu"), HubEncoder(name, device="cpu", half=True)
    assert full.identity != half.identity
    assert full.identity == identify_encoder(name, half=False)
    assert half.encode(["late"]).dtype == np.float32


@pytest.mark.parametrize(("there", "expected"), [(True, ("cuda", True)), (False, ("cpu", False))])
def test_a_cuda_device_is_taken_when_there(monkeypatch, there, expected):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert choose_device() == expected
    assert choose_device("cpu", True) == ("cpu", True)


def test_a_preset_out_of_reach_names_its_model(monkeypatch):
    monkeypatch.setattr(encoders, "_cached_commit", lambda _: None)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(encoders.EncoderError, match=r"'BAAI/bge-m3' could not be loaded"):
        load_encoder("bge-m3")


def test_a_name_without_its_owner_is_asked_for_where_sentence_transformers_finds_it(monkeypatch):
    asked = []
    monkeypatch.setattr(encoders, "_cached_commit", lambda _: None)
    monkeypatch.setattr("huggingface_hub.model_info", lambda name, **_: asked.append(name) or 1 / 0)
    with pytest.raises(encoders.EncoderError, match="'sentence-transformers/some-model' could not be loaded"):
        load_encoder("some-model")
    assert asked == ["sentence-transformers/some-model"]


def test_a_sentence_transformer_holds_the_embedded_model(tmp_path):
    from sentence_transformers import SentenceTransformer

    from workbench.embedding.hub_module import EmbeddedModule

    texts = ["late delivery", "تأخر التوصيل", "تحویل دیر شد", ""]
    model = SentenceTransformer(modules=[EmbeddedModule()], device="cpu")
    np.testing.assert_array_equal(model.encode(texts), StaticEncoder().encode(texts))
    assert model.get_embedding_dimension() == 256
    model.save(str(tmp_path / "saved"))
    again = SentenceTransformer(str(tmp_path / "saved"), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode(texts), model.encode(texts))


def test_bertopic_takes_the_module():
    from bertopic.backend._utils import select_backend
    from sentence_transformers import SentenceTransformer

    from workbench.embedding.hub_module import EmbeddedModule

    backend = select_backend(SentenceTransformer(modules=[EmbeddedModule()], device="cpu"))
    assert backend.embed(["دیر رسید"]).shape == (1, 256)


@pytest.fixture
def loads(monkeypatch):
    """The names of the models that are loaded, one after the other."""
    told = []
    load = encoders._load_model
    monkeypatch.setattr(encoders, "_load_model", lambda name, *more: told.append(name) or load(name, *more))
    encoders.let_go_of_hub()
    yield told
    encoders.let_go_of_hub()


def test_a_model_is_loaded_once_in_a_process(transformer, loads):
    name = str(transformer / "tiny")
    encoder = load_encoder(name)
    assert load_encoder(name) is encoder
    assert loads == [name]


def test_one_model_beside_the_embedded_one_is_kept(transformer, loads):
    names = [str(transformer / name) for name in ("tiny", "tiny-e5", "tiny")]
    embedded = load_encoder()
    for name in names:
        load_encoder(name)
    assert loads == names
    assert load_encoder() is embedded
    encoders.let_go_of_hub()
    assert load_encoder() is embedded
    load_encoder(names[0])
    assert loads == [*names, names[0]]


def test_a_folder_that_holds_another_model_now_is_loaded_again(transformer, loads, tmp_path):
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(transformer / "tiny", folder)
    before = load_encoder(str(folder))
    (folder / "note.txt").write_text("other", encoding="utf-8")
    assert load_encoder(str(folder)).identity != before.identity
    assert len(loads) == 2


@pytest.mark.slow
def test_an_analysis_loads_its_model_once_and_lets_go_of_it(transformer, loads, tmp_path, make_small_study):
    from workbench.analysis import analyse

    name = str(transformer / "tiny")
    analysis = analyse(make_small_study(tmp_path / "own", f"encoder: {name}\n"), progress=False)
    assert analysis.facts["embedding"]["encoder"] == name
    assert loads == [name]
    assert encoders._other.cache_info().currsize == 0
