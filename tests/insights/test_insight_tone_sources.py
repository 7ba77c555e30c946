"""Where tone comes from: a study's own scores, and a model from a folder."""

import json

import numpy as np
import pandas as pd
import pytest

from workbench.analysis import analyse
from workbench.embedding import embed_statements, load_encoder
from workbench.errors import InputError
from workbench.insights.clusters import cluster_of
from workbench.insights.tone import HubTone, learn_from_scores, load_shipped, measure_hub
from workbench.insights.tone.model import fit_temperature
from workbench.insights.tone.own_scores import _is_better, weak_tones
from workbench.stages import check_models
from workbench.study import load_study


@pytest.fixture(scope="module")
def shipped():
    return load_shipped(load_encoder())


def told_by_chance(chance, whose):
    """What a model tells of comments that are all praise: of a customer's comments alike, right or not."""
    sure = 1 / (1 + np.exp(-chance.normal(0, 1, whose.max() + 1)[whose] - chance.normal(0, 0.3, len(whose))))
    return pd.DataFrame({"p_negative": 1 - sure, "p_positive": sure, "tone": 1, "cluster": whose})


def test_a_model_is_no_better_for_some_customers_who_wrote_much():
    chance, whose, found = np.random.default_rng(5), np.repeat(np.arange(40), 10), []
    for _ in range(200):
        new, old = told_by_chance(chance, whose), told_by_chance(chance, whose)
        found.append([_is_better(new.assign(cluster=range(400)), old), _is_better(new, old)])
    by_comment, by_customer = np.mean(found, axis=0)
    assert by_comment > 0.2
    assert by_customer < 0.09
    better = new.assign(p_positive=0.99, p_negative=0.01)
    assert _is_better(better, old)


def scored(count, good="the zorble was frimly", bad="the zorble was grotly"):
    """Comments in words that nobody knows, whose scores tell which of them praises."""
    chance = np.random.default_rng(0)
    happy = chance.random(count) < 0.5
    ids = [f"c{number}" for number in range(count)]
    comments = pd.DataFrame({"feedback_id": ids, "nps": np.where(happy, 10.0, 2.0)})
    texts = [f"{good if yes else bad} {number % 7}" for number, yes in enumerate(happy)]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "text": texts,
                               "language": "en"})
    return comments, statements


def learn(comments, statements, shipped):
    return learn_from_scores(shipped, comments, cluster_of(comments), statements, embed_statements(statements))


def test_own_words_are_learned_from_scores(shipped):
    learned = learn(*scored(240), shipped)
    assert learned.reason == "used"
    accuracy = learned.score_errors.query("language == 'all'").set_index("model")["accuracy"]
    assert accuracy["own scores"] > 0.9 > accuracy["shipped"]


def test_scores_that_say_nothing_of_the_words_are_not_used(shipped):
    comments, statements = scored(240)
    comments["nps"] = np.random.default_rng(5).permutation(comments["nps"])
    assert learn(comments, statements, shipped).reason == "does not help"


@pytest.mark.parametrize("count", [0, 40])
def test_few_scores_are_not_learned_from(count, shipped):
    learned = learn(*scored(count), shipped)
    assert learned.reason == "too few scores"
    assert len(learned.score_errors) == 0


def test_middling_scores_are_no_tone():
    assert weak_tones(pd.DataFrame({"nps": [7, 8, 9, 6]})).isna().tolist() == [True, True, False, False]
    assert weak_tones(pd.DataFrame({"rating": [1, 3, 5], "rating_max": 5})).fillna(0).tolist() == [-1, 0, 1]
    assert weak_tones(pd.DataFrame({"text": ["a"]})).isna().all()


def test_temperature_never_makes_surer():
    timid = np.array([[1.0, 0.0, 0.0]] * 50)
    assert fit_temperature(timid, np.full(50, -1)) == pytest.approx(1, abs=0.01)


@pytest.fixture
def tiny_model(tmp_path):
    """A transformers model of two words, saved as a user would save one."""

    def save(labels):
        from tokenizers import Tokenizer, models, pre_tokenizers
        from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

        words = {"[UNK]": 0, "[PAD]": 1, "good": 2, "bad": 3}
        tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]",
                                       model_max_length=16)
        config = BertConfig(vocab_size=4, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
                            intermediate_size=8, max_position_embeddings=16, num_labels=len(labels),
                            id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)})
        folder = tmp_path / "tiny"
        BertForSequenceClassification(config).save_pretrained(folder)
        fast.save_pretrained(folder)
        return folder

    return save


def test_a_model_from_a_folder_is_asked_like_the_shipped_one(tiny_model):
    model, held_out = measure_hub(tiny_model(["negative", "neutral", "positive"]))
    shares = model.probabilities(["good", "bad"], ["en", "en"], np.zeros((2, 1)))
    assert shares.shape == (2, 3)
    assert np.allclose(shares.sum(axis=1), 1)
    assert {"language", "tone", "weight", "p_negative"} <= set(held_out)
    assert model.name == "hub:tiny"


def test_stars_are_tones(tiny_model):
    model = HubTone(tiny_model([f"{number} star{'s' * (number > 1)}" for number in range(1, 6)]))
    assert model.probabilities(["good"], ["en"], np.zeros((1, 1))).shape == (1, 3)


def test_labels_that_say_nothing_are_refused(tiny_model):
    with pytest.raises(InputError, match="has the label 'LABEL_0'; expected negative, neutral and positive"):
        HubTone(tiny_model(["LABEL_0", "LABEL_1"]))


def test_no_folder_and_no_model_are_told(tmp_path):
    with pytest.raises(InputError, match="no folder 'absent' with a tone model"):
        HubTone(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "config.json").write_text(json.dumps({}))
    with pytest.raises(InputError, match="holds no text classification model"):
        HubTone(tmp_path / "empty")


def test_a_study_without_its_tone_model_is_told_before_anything_runs(tmp_path):
    (tmp_path / "a.csv").write_text("text\nlate\n")
    (tmp_path / "study.yaml").write_text("name: A\nfeedback: a.csv\ntone: {model: absent}\n")
    for check in (check_models, analyse):
        with pytest.raises(InputError, match="no folder 'absent' with a tone model"):
            check(load_study(tmp_path / "study.yaml"))
    assert not (tmp_path / ".workbench").exists()
