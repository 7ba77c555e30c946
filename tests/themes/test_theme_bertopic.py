"""The BERTopic object that is handed out: which of its own methods work on it."""

import warnings

import numpy as np
import pytest

from workbench.themes.engine import fit_bertopic

TERMS = {0: ["invoice wrong", "wrong amount invoice", "فاتورة غلط", "invoice amount"],
         1: ["parcel late", "courier parcel lost", "بسته نرسید", "parcel courier"],
         2: ["internet slow", "slow evening internet", "اینترنت کند", "internet evening"]}


@pytest.fixture
def model():
    documents = [text for texts in TERMS.values() for text in texts]
    labels = np.repeat(list(TERMS), [len(texts) for texts in TERMS.values()])
    return fit_bertopic(documents, np.eye(3)[labels], labels)


@pytest.fixture(autouse=True)
def plotting_may_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # plotly and scipy warn of their own future; nothing here decides on it
        yield


def test_its_documents_are_those_that_it_was_fitted_on(model):
    assert len(model.documents_) == len(model.topics_) == 12
    assert sorted(model.get_topics()) == [0, 1, 2]


def test_hierarchical_topics(model):
    table = model.hierarchical_topics(model.documents_)
    assert len(table) == 2
    assert "parcel" in model.get_topic_tree(table)


def test_merge_topics(model):
    whole = model.get_topic_info()
    model.merge_topics(model.documents_, [0, 2])
    merged = model.get_topic_info()
    assert (len(whole), len(merged)) == (3, 2)
    assert sorted(merged["Count"]) == [4, 8]


def test_document_info_and_topics_over_time(model):
    assert model.get_document_info(model.documents_)["Topic"].tolist() == model.topics_
    table = model.topics_over_time(model.documents_, [2024 + number % 2 for number in range(12)])
    assert table["Frequency"].sum() == 12


@pytest.mark.parametrize("name", ["visualize_barchart", "visualize_heatmap", "visualize_hierarchy"])
def test_charts_that_need_no_other_model(model, name):
    assert type(getattr(model, name)()).__name__ == "Figure"


@pytest.mark.parametrize("use", [
    lambda model: model.find_topics("invoice"),
    lambda model: model.transform(["invoice"], np.eye(3)[:1]),
])
def test_what_needs_a_model_of_its_own_fails_as_the_docstring_says(model, use):
    with pytest.raises(Exception, match=r"custom embeddings|predict"):
        use(model)
