"""What a model of tone has been asked once is not asked again, and nothing is different for it."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from workbench.insights.tone import Learned, features, measure_error
from workbench.insights.tone.features import lexical_features
from workbench.stages import tone as stage
from workbench.store import Store
from workbench.study import load_study

TEXTS = ["far too slow", "خیلی خوب بود", "سيئة جدا", "sehr gut", "很慢"]
LANGUAGES = ["en", "fa", "ar", "de", "zh"]
HELD_OUT = pd.DataFrame({"text": "t", "trade": "shop", "language": "en", "tone": [-1, 0, 1] * 20, "weight": 1.0,
                         "p_negative": [0.9, 0.1, 0.1] * 20, "p_neutral": [0.05, 0.8, 0.1] * 20,
                         "p_positive": [0.05, 0.1, 0.8] * 20})


class Model:
    """Scores a text by its letters, and notes what it is asked."""

    name = identity = "fake"

    def __init__(self, learned="one", temperature=1.0):
        self.learned, self.temperature, self.asked = learned, temperature, []

    def raw_scores(self, texts, languages, vectors):
        self.asked += texts
        heads = [hashlib.sha256(f"{self.learned} {text}".encode()).digest()[:3] for text in texts]
        return np.array([[letter / 99 for letter in head] for head in heads]).reshape(-1, 3)

    def fingerprint(self):
        return self.learned


def tables_of(texts=TEXTS, languages=LANGUAGES):
    ids = [f"c{number}" for number in range(len(texts))]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "text": texts,
                               "language": languages}, dtype="str")
    return {"statements": statements, "comments": pd.DataFrame({"feedback_id": ids}),
            "vectors": np.zeros((len(texts), 2), dtype=np.float32)}


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "study.yaml").write_text("name: Tone\nfeedback: a.csv\n", encoding="utf-8")
    plain, store = load_study(tmp_path / "study.yaml"), Store(tmp_path / "store")

    def tell(model, tables, name, study=plain, forgotten=()):
        learned = Learned(model, HELD_OUT, measure_error(HELD_OUT).iloc[:0].assign(model=""), "too few scores")
        monkeypatch.setattr(stage, "_learn", lambda *_: learned)
        made, facts = stage.tell_tones(study, tables, store)
        kept = {name: made[name][~made[name]["statement_id"].isin(forgotten)] for name in ("tone_scores", "tone_words")}
        store.write(store.stage_path("language", f"l{name}"), {"statements": tables["statements"]}, {})
        store.write(store.stage_path("tone", f"t{name}"), kept, {})
        store.write(store.analysis_path(name), {}, {"stages": {"language": f"l{name}", "tone": f"t{name}"},
                                                    "facts": {"tone": facts}})
        tell.tables = made
        return made["tone"]

    tell.plain = plain
    return tell


@pytest.mark.parametrize(("texts", "languages", "asked"), [
    (TEXTS, LANGUAGES, []),
    ([*TEXTS, "kind"], [*LANGUAGES, "en"], ["kind"]),
    (["quick", *TEXTS[1:]], LANGUAGES, ["quick"]),
    (TEXTS, ["nl", *LANGUAGES[1:]], [TEXTS[0]]),
    (TEXTS[:2], LANGUAGES[:2], []),
])
def test_only_what_is_new_is_asked(run, texts, languages, asked):
    run(Model(), tables_of(), "one")
    model = Model(temperature=2.0)  # which comes after the scores
    again = run(model, tables_of(texts, languages), "two")
    assert model.asked == asked
    pd.testing.assert_frame_equal(again, run(Model("one", 2.0), tables_of(texts, languages), "three"))
    scores = Model().raw_scores(texts, languages, None)
    assert again["score"].tolist() == pytest.approx((np.exp(scores / 2)[:, 2] - np.exp(scores / 2)[:, 0])
                                                    / np.exp(scores / 2).sum(axis=1), abs=2e-4)


def test_another_model_other_names_and_another_encoder_ask_everything(run, monkeypatch):
    run(Model(), tables_of(), "one")
    asked = [Model("two"), Model(), Model()]
    run(asked[0], tables_of(), "two")
    run(asked[1], tables_of(), "three", run.plain.model_copy(update={"names": ["Telvana"]}))
    monkeypatch.setattr(stage, "encoder_identity", lambda _: "another")
    run(asked[2], tables_of(), "four")
    assert [len(model.asked) for model in asked] == [5, 5, 5]


def test_who_was_forgotten_is_asked_again_and_nobody_else(run):
    first = run(Model(), tables_of(), "one", forgotten=["c2/0"])
    model = Model()
    pd.testing.assert_frame_equal(run(model, tables_of(), "two"), first)
    assert model.asked == [TEXTS[2]]


def test_words_that_were_read_are_not_read_again_whatever_the_model(run, monkeypatch):
    run(Model(), tables_of(), "one", forgotten=["c2/0"])
    asked = []

    def read(texts, languages):
        asked.extend(texts)
        return lexical_features(texts, languages)

    monkeypatch.setattr(features, "lexical_features", read)
    run(Model("two"), tables_of([*TEXTS, "kind"], [*LANGUAGES, "en"]), "two")
    assert asked == [TEXTS[2], "kind"]
    words = run.tables["tone_words"]
    assert words["statement_id"].tolist() == [f"c{number}/0" for number in range(6)]
    assert np.array_equal(words[list(features.NAMES)], lexical_features([*TEXTS, "kind"], [*LANGUAGES, "en"]))


def test_of_too_many_statements_no_words_are_kept(run, monkeypatch):
    first = run(Model(), tables_of(), "one")
    monkeypatch.setattr(stage, "_MOST_KEPT", 4)
    pd.testing.assert_frame_equal(run(Model("one"), tables_of(), "two"), first)
    assert not len(run.tables["tone_words"])


def test_a_learned_model_scores_known_words_as_it_would_read_them(run):
    from workbench.embedding import embed, load_encoder
    from workbench.insights.tone import load_shipped

    table, vectors, model = tables_of()["statements"], embed(pd.Series(TEXTS)), load_shipped(load_encoder()).model
    scores = stage._score_block(table, vectors, lexical_features(TEXTS, LANGUAGES), model)
    assert np.array_equal(scores, model.raw_scores(TEXTS, LANGUAGES, vectors))


def test_no_statement_at_all(run):
    assert not len(run(Model(), tables_of([], []), "one"))
