import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from workbench.themes import engine
from workbench.themes.engine import fit_bertopic, weigh_words

WORDS = ["bill", "late", "قبض", "دیر", "Rechnung", "слово", "配送", "app", "router", "نت"]


def drawn(seed: int, count: int = 60) -> tuple[list[str], np.ndarray]:
    generator = np.random.default_rng(seed)
    documents = [" ".join(generator.choice(WORDS, generator.integers(1, 6))) for _ in range(count)]
    return documents, np.concatenate([np.arange(4), generator.integers(0, 4, count - 4)])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_words_weigh_what_bertopic_says_they_weigh(seed):
    documents, labels = drawn(seed)
    model = fit_bertopic(documents, np.eye(len(documents)), labels)
    label_of = dict(zip(model.topics_, labels.tolist(), strict=True))
    matrix = model.c_tf_idf_.tocoo()
    names = model.vectorizer_model.get_feature_names_out()
    expected = pd.DataFrame({"label": [label_of[row] for row in matrix.row], "word": names[matrix.col],
                             "weight": matrix.data})
    by = ["label", "word"]
    pd.testing.assert_frame_equal(weigh_words(documents, labels).sort_values(by, ignore_index=True),
                                  expected.sort_values(by, ignore_index=True), check_dtype=False, check_exact=True)


def test_one_word_weighs_the_same_everywhere():
    assert weigh_words(["late late", "late"], np.array([0, 1]))["weight"].tolist() == [1.0, 1.0]


def test_the_weighting_is_bertopics_own_wherever_it_lies(monkeypatch):
    monkeypatch.setattr(engine, "_WEIGHING", ("moved.py",))
    found = engine._class_based_tfidf()
    assert (found.__name__, found.__module__) == ("ClassTfidfTransformer", "bertopic.vectorizers._ctfidf")


def test_finding_and_describing_themes_imports_neither_torch_nor_the_package_around_it():
    code = (
        "import sys, pandas as pd\n"
        "from workbench.language import split_statements\n"
        "from workbench.embedding import embed_statements\n"
        "from workbench.themes import find_themes\n"
        "texts = ['the invoice is wrong', 'الفاتورة غلط', 'صورتحساب اشتباه است', 'internet is slow'] * 4\n"
        "table = pd.DataFrame({'feedback_id': [str(i) for i in range(16)], 'text': texts})\n"
        "statements = split_statements(table)\n"
        "found = find_themes(statements, embed_statements(statements), minimum_size=2, neighbours=2, floor=0.0)\n"
        "assert len(found.terms)\n"
        "print(sorted({'torch', 'bertopic', 'umap', 'hdbscan', 'transformers', 'altair'} & set(sys.modules)))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
