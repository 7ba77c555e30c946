import pickle
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.metrics import adjusted_rand_score

from workbench.columns import ASSIGNMENTS, STATEMENTS, THEMES, names
from workbench.embedding import embed_statements
from workbench.errors import InputError
from workbench.language import split_statements
from workbench.themes import (
    find_themes,
    in_context,
    nearest_neighbours,
    neighbours,
    persistence,
    resample,
    survival,
    without_language,
)
from workbench.themes.communities import as_network, communities, contract, cut_out, leiden
from workbench.themes.neighbours import fuzzy_graph

TOPICS = {
    "invoice": ["the invoice is wrong again", "الفاتورة فيها خطأ", "صورتحساب اشتباه است", "die Rechnung ist falsch",
                "la factura está mal", "wrong amount on my invoice", "مبلغ الفاتورة غلط", "مبلغ صورتحساب زیاد است"],
    "delivery": ["the parcel never arrived", "الطرد لم يصل", "بسته نرسید", "das Paket kam nie an",
                 "el paquete no llegó", "courier lost my parcel", "المندوب ضيع الطرد", "پیک بسته را گم کرد"],
    "speed": ["the internet is very slow", "الإنترنت بطيء جدا", "سرعت اینترنت خیلی کم است", "das Internet ist langsam",
              "internet va muy lento", "slow internet every evening", "سرعة الإنترنت ضعيفة", "اینترنت کند است"],
}


def planted(copies=2):
    """Three topics in five languages; each sentence several times with a small change, so that words repeat."""
    rows = [(f"{topic}-{number}-{copy}", text + "!" * copy)
            for topic, texts in TOPICS.items() for number, text in enumerate(texts) for copy in range(copies)]
    return pd.DataFrame(rows, columns=["feedback_id", "text"])


@pytest.fixture(scope="module")
def found():
    statements = split_statements(planted())
    vectors = embed_statements(statements)
    return statements, vectors, find_themes(statements, vectors, minimum_size=4, neighbours=12)


def test_planted_themes_are_found_across_languages(found):
    statements, _, themes = found
    topic = statements["feedback_id"].str.split("-").str[0]
    assigned = themes.assignments["theme_id"] >= 0
    assert assigned.mean() > 0.9
    assert adjusted_rand_score(topic[assigned.to_numpy()], themes.assignments["theme_id"][assigned]) > 0.9
    assert repr(themes).startswith(f"<Themes: {len(themes.table) - 1} of {len(statements)} statements")


def test_languages_of_another_kind_of_string_are_as_good(found):
    statements, vectors, themes = found
    other = find_themes(statements.astype({"language": "string"}), vectors, minimum_size=4, neighbours=12)
    pd.testing.assert_frame_equal(other.terms, themes.terms, check_dtype=False)


def test_tables_keep_their_contracts(found):
    statements, _, themes = found
    assert list(themes.assignments.columns) == names(ASSIGNMENTS)
    assert list(themes.table.columns) == [column.name for column in THEMES if column.required]
    assert themes.assignments["statement_id"].tolist() == statements["statement_id"].tolist()
    assert themes.table["statement_count"].sum() == len(statements)
    assert themes.table["theme_id"].tolist() == [*range(len(themes.table) - 1), -1]
    assert themes.table["comment_count"].iloc[:-1].is_monotonic_decreasing
    inside = themes.table[["comment_share_low", "comment_share", "comment_share_high"]].to_numpy()
    assert (np.diff(inside, axis=1) >= 0).all()


def test_labels_are_in_the_readers_language_and_never_repeat(found):
    labels = found[2].labels
    assert set(labels["language"]) == {"en", "ar", "fa"}
    for _, part in labels.groupby("language"):
        assert part["label"].is_unique
        assert part["label"].str.contains(r"\w").all()
    assert labels.loc[labels["language"] == "fa", "label"].str.contains("صورتحساب|بسته|اینترنت").sum() >= 2


def test_planted_themes_are_stable_and_the_unassigned_have_no_stability(found):
    stability = found[2].table["stability"]
    assert (stability.iloc[:-1] > 0.6).all()
    assert np.isnan(stability.iloc[-1])


def test_a_spelling_does_not_make_a_theme(found):
    statements, vectors, _ = found
    odd = np.zeros((12, vectors.shape[1]), dtype=np.float32)
    odd[:, 0] = 1  # far from everything else, and all alike
    more = statements.head(12).assign(feedback_id=[f"r{n}" for n in range(12)], romanised=True,
                                      statement_id=[f"r{n}/0" for n in range(12)], text=[f"la {n}" for n in range(12)])
    both = pd.concat([statements, more], ignore_index=True)
    themes = find_themes(both, np.concatenate([vectors, odd]), minimum_size=4, neighbours=12)
    assert len(themes.vectors) == 3
    finders = find_themes(both.assign(romanised=False), np.concatenate([vectors, odd]), minimum_size=4, neighbours=12)
    assert len(finders.vectors) == 4


def test_terms_stay_with_their_language(found):
    terms = found[2].terms
    assert terms.loc[terms["language"] == "en", "term"].str.fullmatch("[A-Za-z' -]+").all()
    assert {"ar", "en", "fa"} <= set(terms["language"])


def test_the_bertopic_object_is_handed_over(found):
    themes = found[2]
    assert type(themes.model).__name__ == "BERTopic"
    assert len(set(themes.model.topics_)) == len(themes.vectors)


def test_any_row_order_gives_the_same_themes(found):
    statements, vectors, themes = found
    order = np.random.default_rng(1).permutation(len(statements))
    shuffled = find_themes(statements.iloc[order].reset_index(drop=True), vectors[order], minimum_size=4, neighbours=12)
    pd.testing.assert_frame_equal(shuffled.table, themes.table)
    pd.testing.assert_frame_equal(shuffled.labels, themes.labels)
    pd.testing.assert_frame_equal(shuffled.terms, themes.terms)
    back = shuffled.assignments.set_index("statement_id").loc[statements["statement_id"]].reset_index()
    pd.testing.assert_frame_equal(back, themes.assignments)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "threads"), [("1", "1"), ("2", "2")])
def test_another_process_hash_seed_and_thread_count_give_the_same_themes(found, seed, threads, tmp_path):
    code = (
        "import pandas as pd, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from test_theme_finding import planted\n"
        "from workbench.embedding import embed_statements\n"
        "from workbench.language import split_statements\n"
        "from workbench.themes import find_themes\n"
        "s = split_statements(planted())\n"
        "t = find_themes(s, embed_statements(s), minimum_size=4, neighbours=12)\n"
        "t.table.to_parquet(sys.argv[2] + '/t'); t.assignments.to_parquet(sys.argv[2] + '/a')\n"
    )
    import os
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    subprocess.run([sys.executable, "-c", code, os.path.dirname(__file__), str(tmp_path)], check=True, env=environment)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t"), found[2].table)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a"), found[2].assignments)


def test_shares_count_only_what_is_counted(found):
    statements, vectors, _ = found
    counted = pd.Series(True, index=sorted(set(statements["feedback_id"])))
    counted[counted.index.str.startswith("invoice")] = False
    table = find_themes(statements, vectors, minimum_size=4, neighbours=12, counted=counted).table
    assert table["comment_count"].sum() == counted.sum()
    assert (table["comment_count"] == 0).any()


EDGES = {
    "one comment": ["the invoice is wrong"],
    "two comments": ["the invoice is wrong", "بسته نرسید"],
    "all the same": ["the invoice is wrong"] * 30,
    "no words": ["!!!", "...", "😡"],
    "one word": [f"late{'!' * number}" for number in range(30)],
    "a thousand tongues": [f"{word} {word}" for word in ("ok", "خوب", "جيد", "gut", "bien", "iyi", "好的", "अच्छा")],
}


@pytest.mark.parametrize("case", EDGES)
def test_edges_give_a_table_that_says_what_is_so(case):
    comments = pd.DataFrame({"feedback_id": [str(n) for n in range(len(EDGES[case]))], "text": EDGES[case]})
    statements = split_statements(comments)
    themes = find_themes(statements, embed_statements(statements))
    assert themes.table["theme_id"].iloc[-1] == -1
    assert themes.table["statement_count"].sum() == len(statements)
    assert themes.table["comment_share"].notna().all()


def test_no_statements_at_all():
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in names(STATEMENTS)})
    themes = find_themes(empty, np.zeros((0, 4), dtype=np.float32))
    assert themes.table[["theme_id", "statement_count"]].values.tolist() == [[-1, 0]]


def test_vectors_and_statements_must_agree(found):
    statements, vectors, _ = found
    with pytest.raises(InputError, match="expected one vector a statement: 48 statements, 47 vectors"):
        find_themes(statements, vectors[:-1])
    with pytest.raises(InputError, match="expected vectors of finite numbers; 2 of 48 are not"):
        find_themes(statements, np.where(np.isin(np.arange(48), [3, 7])[:, None], np.nan, vectors))
    with pytest.raises(InputError, match="the statements table lacks text"):
        find_themes(statements.drop(columns="text"), vectors)


def test_neighbours_are_exact_and_ties_go_to_the_earlier_row():
    vectors = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    _, similarities = nearest_neighbours(vectors, 5)
    whole = vectors @ vectors.T
    np.fill_diagonal(whole, -2)
    np.testing.assert_allclose(similarities, -np.sort(-whole, axis=1)[:, :5], atol=1e-3)
    same, _ = nearest_neighbours(np.ones((4, 1), dtype=np.float32), 2)
    assert same.tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]


def test_neighbours_of_few_rows():
    assert nearest_neighbours(np.ones((1, 3), dtype=np.float32), 5)[0].shape == (1, 0)
    assert nearest_neighbours(np.ones((3, 3), dtype=np.float32), 5)[0].shape == (3, 2)


def test_clear_blocks_survive_and_noise_does_not():
    import scipy.sparse as sp

    blocks = sp.csr_matrix(np.kron(np.eye(4), np.ones((15, 15)) - np.eye(15)))
    noise = np.random.default_rng(0).normal(size=(400, 40)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    cloud = fuzzy_graph(*nearest_neighbours(noise, 10))
    for graph, clear in ((blocks, True), (cloud, False)):
        labels, samples = communities(graph, 1.0), resample(graph, 1.0)
        assert (survival(labels, samples) > 0.9) is clear
        assert bool(persistence(labels, samples).min() > 0.9) is clear
        assert bool(persistence(labels, samples).max() < 0.6) is not clear
    assert len(set(communities(blocks, 1.0))) == 4


def test_what_a_language_shares_is_taken_out():
    generator = np.random.default_rng(0)
    topic = generator.normal(size=(400, 16))
    accent = np.repeat(generator.normal(size=(2, 16)) * 4, 200, axis=0)
    vectors = (topic + accent).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    languages = pd.Series(["ar"] * 200 + ["de"] * 200)
    moved = without_language(vectors, languages)
    gap = np.linalg.norm(vectors[:200].mean(axis=0) - vectors[200:].mean(axis=0))
    assert np.linalg.norm(moved[:200].mean(axis=0) - moved[200:].mean(axis=0)) < gap / 2
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)


def test_a_short_statement_leans_on_its_comment_more_than_a_long_one():
    statements = pd.DataFrame({"feedback_id": ["a", "a", "b"], "language": "en",
                               "text": ["again", "the invoice was wrong in may and june and july and august", "other"]})
    leaned = in_context(np.eye(3, dtype=np.float32), statements)
    assert leaned[0, 1] > leaned[1, 0] > 0
    np.testing.assert_allclose(leaned[2], [0, 0, 1])


@pytest.mark.parametrize(("width", "count", "steps"), [(400, 20, 1.0), (400, 20, 0.1), (33, 33, 0.5), (40, 1, 9.0),
                                                       (1, 1, 0.0), (70, 5, 0.0), (5000, 3, 0.0)])
def test_the_largest_of_each_row_are_those_of_a_full_sort(width, count, steps):
    block = np.random.default_rng(width).normal(size=(30, width)).astype(np.float32)
    block = np.round(block / steps) if steps else np.zeros_like(block)
    expected = np.argsort(-block, axis=1, kind="stable")[:, :count]
    assert (neighbours._top(block, count) == expected).all()


def test_a_network_cut_out_of_another_is_the_network_of_its_rows():
    points = np.random.default_rng(0).normal(size=(300, 8))
    graph = fuzzy_graph(*nearest_neighbours(points, 6))
    kept = np.sort(np.random.default_rng(1).choice(300, 200, replace=False))
    cut, anew = cut_out(as_network(graph), kept), as_network(graph[kept][:, kept])
    assert cut.graph.get_edgelist() == anew.graph.get_edgelist()
    assert (cut.ends == anew.ends).all()
    assert (cut.weights == anew.weights).all()
    assert (communities(cut, 1.5) == communities(graph[kept][:, kept], 1.5)).all()


def test_a_network_of_groups_weighs_what_the_network_of_rows_weighs():
    points = np.random.default_rng(0).normal(size=(300, 8))
    network = as_network(fuzzy_graph(*nearest_neighbours(points, 6)))
    groups = np.random.default_rng(1).integers(0, 40, 300)
    small = contract(network, groups)
    assert small.weights.sum() + small.within.sum() == pytest.approx(network.weights.sum())
    np.testing.assert_allclose(small.degrees(), np.bincount(groups, network.degrees()))
    coarser = np.arange(40) // 4
    twice, once = contract(small, coarser), contract(network, coarser[groups])
    assert (twice.ends == once.ends).all()
    for field in ("weights", "within"):
        np.testing.assert_allclose(getattr(twice, field), getattr(once, field))


@pytest.mark.parametrize("resolution", [0.5, 1.0, 4.0])
def test_communities_of_groups_are_those_of_their_rows(resolution):
    blocks = np.kron(np.eye(6), np.ones((20, 20))) + 0.05
    network = as_network(sp.csr_matrix(blocks - np.diag(np.diag(blocks))))
    groups = np.arange(120) // 5
    found = leiden(contract(network, groups), resolution, 0)[groups]
    assert pd.factorize(found)[0].tolist() == pd.factorize(leiden(network, resolution, 0))[0].tolist()


def test_a_network_that_is_sent_again_is_made_once():
    network = as_network(sp.csr_matrix(1 - np.eye(3)))
    first, second = (pickle.loads(pickle.dumps(network)) for _ in range(2))
    assert first.graph is second.graph
    other = pickle.loads(pickle.dumps(network._replace(weights=network.weights * 2)))
    assert other.weights.tolist() == [2.0, 2.0, 2.0]
    assert other.graph.get_edgelist() == network.graph.get_edgelist()


@pytest.mark.parametrize(("given", "message"), [
    ({"count": -1}, "count: expected a whole number from 1 on, found -1."),
    ({"count": 2.5}, "count: expected a whole number from 1 on, found 2.5."),
    ({"seed": "a"}, "seed: expected a whole number from 0 on, found 'a'."),
    ({"seed": -1}, "seed: expected a whole number from 0 on, found -1."),
    ({"resolution": float("nan")}, "resolution, where it is not \"auto\": expected a number from 0 on, found nan."),
    ({"neighbours": 0}, "neighbours: expected a whole number from 1 on, found 0."),
    ({"minimum_size": True}, "minimum_size: expected a whole number from 1 on, found True."),
    ({"floor": "low"}, "floor: expected a number from -1 to 1, found 'low'."),
    ({"confidence": 95}, "confidence: expected a number above 0 and below 1, found 95."),
    ({"counted": [True]}, "counted: expected a Series of truth values, indexed by feedback_id, found list."),
    ({"given": ["price"]}, "given: expected themes from `embed_given` or `given_by_column`, found list."),
    ({"glossary": "a.csv"}, "glossary: expected a glossary from `load_glossary`, found str."),
    ({"comments": ["late"]}, "comments: expected a table (pandas.DataFrame), found list."),
    ({"label_languages": ()}, "label_languages: expected several codes, such as (\"en\", \"fa\"), found ()."),
])
def test_a_setting_that_cannot_be_is_refused(given, message):
    with pytest.raises(InputError) as told:
        find_themes(pd.DataFrame(columns=names(STATEMENTS)), np.zeros((0, 2)), **given)
    assert str(told.value) == message


@pytest.mark.parametrize(("change", "vectors", "message"), [
    ({"text": None}, np.ones((1, 2)), "the statements table has 1 rows without text."),
    ({}, [[1.0, 0.0]], "expected vectors as a numpy array of numbers, a row a statement, found list."),
    ({}, np.ones(1), "expected vectors as a numpy array of numbers, a row a statement, found float64 of shape (1,)."),
    ({}, np.array([["a"]]), "expected vectors as a numpy array of numbers, a row a statement, found <U1 of shape "
     "(1, 1)."),
])
def test_statements_that_cannot_be_are_refused(found, change, vectors, message):
    with pytest.raises(InputError) as told:
        find_themes(found[0].iloc[:1].assign(**change), vectors)
    assert str(told.value) == message
    with pytest.raises(InputError, match="statement_id must be unique; 1 rows repeat an earlier one"):
        find_themes(found[0].iloc[[0, 0]], np.ones((2, 2)))


def test_nodes_that_move_to_and_fro_for_ever_are_stopped():
    class Restless:
        def __init__(self):
            self.asked = []

        def community_leiden(self, n_iterations, initial_membership, **_):
            self.asked.append(n_iterations)
            return SimpleNamespace(membership=[0, 0, 1] if len(self.asked) % 2 else [0, 1, 1])

    triangle = as_network(sp.csr_matrix(1 - np.eye(3)))
    restless = triangle._replace(graph=Restless())
    restless.graph.vcount = triangle.graph.vcount
    assert leiden(restless, 1.0, seed=0, iterations=-1).tolist() in ([0, 0, 1], [0, 1, 1])
    assert set(restless.graph.asked) == {1}
