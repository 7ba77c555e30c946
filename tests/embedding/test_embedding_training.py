from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tiny_corpus import LANGUAGES, WORDS, tiny_pairs

from workbench.embedding import StaticEncoder
from workbench.embedding.training import runs, train_encoder
from workbench.embedding.training.blend import blend_table
from workbench.embedding.training.corpus import read_vocabulary
from workbench.errors import EncoderError, InputError

pytestmark = pytest.mark.filterwarnings("default")  # the libraries below warn about themselves


def test_the_trained_model_finds_translations(trained):
    folder, _, _ = trained
    encoder = StaticEncoder(folder / "tiny.npz")
    english = encoder.encode(list(WORDS))
    for place, language in enumerate(LANGUAGES):
        nearest = (encoder.encode([words[place] for words in WORDS.values()]) @ english.T).argmax(1)
        assert (nearest == np.arange(len(WORDS))).mean() >= 0.75, language
    assert encoder.dimensions == 16


def test_the_card_names_sources_licences_teacher_seed_and_date(trained):
    folder, outcome, _ = trained
    card = (folder / "tiny.md").read_text(encoding="utf-8")
    for words in ("| ours | CC0-1.0 | False | 256 |", "with seed 0", "tiny-teacher", '"steps": 60', "Trained on 20"):
        assert words in card
    assert set(outcome.validation["language"]) == set(LANGUAGES)
    assert outcome.validation["found_share"].mean() > 0.7


def test_the_same_training_gives_the_same_bytes(trained, tiny_recipe, tmp_path):
    folder, _, _ = trained
    train_encoder([folder / "pairs.csv"], tmp_path / "again.npz", recipe=tiny_recipe, threads=1, tell=lambda _: None)
    assert (tmp_path / "again.npz").read_bytes() == (folder / "tiny.npz").read_bytes()


@pytest.mark.slow
def test_two_processes_side_by_side_train_the_same_model(trained, tiny_recipe, tmp_path):
    folder, _, _ = trained
    train_encoder([folder / "pairs.csv"], tmp_path / "two.npz", recipe=tiny_recipe, threads=2, tell=print)
    assert (tmp_path / "two.npz").read_bytes() == (folder / "tiny.npz").read_bytes()


def test_a_run_that_was_killed_goes_on_to_the_same_model(trained, tiny_recipe, tmp_path, monkeypatch):
    folder, _, _ = trained
    monkeypatch.setattr(runs, "_CHECKPOINT", 25)

    def stop(line):
        if line.startswith(("run-1: 25", "run-2: 25")):
            raise KeyboardInterrupt

    told = []
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", recipe=tiny_recipe, threads=1, tell=stop)
    train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", recipe=tiny_recipe, threads=1, tell=told.append)
    assert not any(line.startswith(("run-1", "teacher", "vocabulary")) for line in told)
    assert (tmp_path / "m.npz").read_bytes() == (folder / "tiny.npz").read_bytes()


def test_a_checkpoint_cut_short_counts_as_none(trained, tiny_recipe, tmp_path):
    folder, _, _ = trained
    given = {"recipe": tiny_recipe, "threads": 1, "tell": lambda _: None}
    train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", **given)
    checkpoint = tmp_path / "m.work" / "run-2.npz"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", **given)
    assert (tmp_path / "m.npz").read_bytes() == (folder / "tiny.npz").read_bytes()


def test_the_work_folder_of_another_training_is_refused(trained, tiny_recipe):
    folder, _, _ = trained
    with pytest.raises(InputError, match="holds a training on other tables or by another recipe"):
        train_encoder([folder / "pairs.csv"], folder / "tiny.npz", recipe=replace(tiny_recipe, tokens=300), threads=1)


def test_evaluation_sentences_and_share_alike_rows_are_kept_out(tiny_recipe, tmp_path):
    pairs = tiny_pairs()
    pairs.loc[pairs["language"] == "ja", "share_alike"] = True
    pairs.to_csv(tmp_path / "pairs.csv", index=False)
    pd.DataFrame({"text": ["Rechnung, SPÄT!", "courier polite"]}).to_csv(tmp_path / "judge.csv", index=False)
    pd.DataFrame({"text": ["late refund"], "source": "forum", "licence": "CC-BY"}).to_csv(
        tmp_path / "e.csv", index=False)
    outcome = train_encoder([tmp_path / "pairs.csv"], tmp_path / "m.npz", evaluation=[tmp_path / "judge.csv"],
                            english=[tmp_path / "e.csv"],
                            recipe=tiny_recipe, share_alike=False, without=["fa"], threads=1, tell=lambda _: None)
    assert not set(outcome.pairs["text"]) & {"rechnung spät", "kurier höflich"}
    assert set(outcome.pairs["language"]) == {"ar", "de"}
    counts = outcome.rejected["reason"].value_counts().to_dict()
    assert counts == {"share_alike": 63, "left_out_language": 63, "evaluation_exact": 5}
    assert len(pd.read_csv(tmp_path / "m.rejected.csv")) == 131
    card = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "| forum | CC-BY | False | 1 |" in card
    assert "those of judge.csv." in card


def test_a_teacher_that_is_not_there_is_an_error(trained, tiny_recipe, tmp_path):
    folder, _, _ = trained
    with pytest.raises(EncoderError, match=r"teacher .* could not be loaded .*voc-workbench\[train\]"):
        train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", threads=1, tell=lambda _: None,
                      recipe=replace(tiny_recipe, teacher=str(tmp_path)))


def test_a_teacher_out_of_reach_is_told_at_once(trained, tiny_recipe, tmp_path, monkeypatch):
    folder, _, _ = trained
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told = []
    with pytest.raises(EncoderError, match=r"The teacher 'no-such-teacher' could not be loaded"):
        train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", threads=1, tell=told.append,
                      recipe=replace(tiny_recipe, teacher="no-such-teacher"))
    assert told == ["pairs: 256 kept, 0 rejected"]


def test_another_model_is_blended_in(trained, tiny_recipe, tmp_path):
    folder, _, _ = trained
    train_encoder([folder / "pairs.csv"], tmp_path / "m.npz", seed=1, blend=[folder / "tiny.npz"],
                  recipe=replace(tiny_recipe, own_weight=0.0, blend_weights=(1.0,)), threads=1, tell=lambda _: None)
    card = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "Blended in, with whatever they were trained on: tiny.npz." in card
    blended, other = StaticEncoder(tmp_path / "m.npz"), StaticEncoder(folder / "tiny.npz")
    texts = list(WORDS)
    ours, theirs = (model.encode(texts) @ model.encode(texts).T for model in (blended, other))
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.95


def test_a_model_that_is_blended_in_is_unpacked_once_however_many_words_it_lacks(trained, monkeypatch):
    folder, _, _ = trained
    unpacked, unpack = [], StaticEncoder.table
    monkeypatch.setattr(StaticEncoder, "table", lambda encoder: unpacked.append(1) or unpack(encoder))
    pieces, scores = read_vocabulary(folder / "tiny.work")
    more = [*pieces, *(f"▁{word}unheard" for word in WORDS)]
    table = np.random.default_rng(0).normal(size=(len(more), 16)).astype(np.float32)
    theirs = blend_table(table, more, np.pad(scores, (0, len(WORDS))),
                         [(folder / "tiny.npz", 1.0)], 0.0, list(WORDS), np.zeros(len(more), dtype=bool), 0)
    assert len(unpacked) == 1
    assert np.linalg.norm(theirs[-len(WORDS):], axis=1).min() > 0


def test_nothing_to_train_on_is_an_error(tiny_recipe, tmp_path):
    pd.DataFrame({"text": ["", "late"], "language": ["de", "fa"], "english": ["late", "late"]}).to_csv(
        tmp_path / "pairs.csv", index=False)
    with pytest.raises(InputError, match="None of 2 rows can be trained on: "):
        train_encoder([tmp_path / "pairs.csv"], tmp_path / "m.npz", recipe=tiny_recipe, tell=lambda _: None)
