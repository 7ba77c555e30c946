import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from workbench.embedding import embed_statements
from workbench.errors import InputError
from workbench.language import split_statements
from workbench.themes import embed_given, find_themes, given_by_column, nearest_neighbours, sample_unassigned
from workbench.themes.communities import as_network, communities, leiden
from workbench.themes.neighbours import fuzzy_graph
from workbench.themes.resolution import description_length, natural_resolution, resolution_for
from workbench.themes.whole_numbers import in_steps

WORDS = {
    "invoice": ["the invoice is wrong again", "الفاتورة فيها خطأ", "صورتحساب اشتباه است", "wrong amount on my invoice"],
    "delivery": ["the parcel never arrived", "الطرد لم يصل", "بسته نرسید", "courier lost my parcel"],
    "speed": ["the internet is very slow", "الإنترنت بطيء جدا", "سرعت اینترنت خیلی کم است", "slow internet at night"],
}


@pytest.fixture(scope="module")
def planted():
    rows = [(f"{topic}-{number}-{copy}", text + "!" * copy) for topic, texts in WORDS.items()
            for number, text in enumerate(texts) for copy in range(4)]
    statements = split_statements(pd.DataFrame(rows, columns=["feedback_id", "text"]))
    return statements, embed_statements(statements), statements["feedback_id"].str.split("-").str[0]


def clusters(count, each, dimensions=24, noise=0.6, seed=0):
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(count, dimensions))
    points = np.repeat(centres, each, axis=0) + noise * generator.normal(size=(count * each, dimensions))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), np.repeat(range(count), each)


def found_by(planted, **settings):
    statements, vectors, topic = planted
    themes = find_themes(statements, vectors, minimum_size=3, neighbours=12, **settings)
    inside = (themes.assignments["theme_id"] >= 0).to_numpy()
    return themes, adjusted_rand_score(topic[inside], themes.assignments["theme_id"][inside]), inside.mean()


@pytest.mark.parametrize("settings", [{}, {"count": 3}, {"method": "kmeans", "count": 3}])
def test_each_method_finds_what_was_planted(planted, settings):
    themes, agreement, assigned = found_by(planted, **settings)
    assert agreement > 0.9
    assert assigned > 0.9
    assert len(themes.vectors) == 3


@pytest.mark.slow
def test_bertopics_own_way_is_there_and_the_same_twice(planted):
    first, agreement, _ = found_by(planted, method="umap_hdbscan")
    again, _, _ = found_by(planted, method="umap_hdbscan")
    assert agreement > 0.6
    pd.testing.assert_frame_equal(first.assignments, again.assignments)


def test_guided_themes_bear_their_names_and_what_matches_nothing_is_said(planted):
    given = embed_given({"Bills": ["invoice", "الفاتورة"], "Parcels": ["the parcel never arrived"],
                         "Space travel": ["کهکشان و ستارگان دور"]})
    themes, agreement, _ = found_by(planted, method="guided", given=given)
    outcome = themes.given.set_index("name")
    assert agreement > 0.9
    assert outcome.loc["Space travel", ["theme_id", "matched_count", "outcome"]].tolist() == [-1, 0, "no_match"]
    for name, topic in (("Bills", "invoice"), ("Parcels", "delivery")):
        assert outcome.loc[name, "outcome"] == "found"
        number = outcome.loc[name, "theme_id"]
        members = themes.assignments.loc[themes.assignments["theme_id"] == number, "statement_id"]
        assert members.str.startswith(topic).all()
        assert set(themes.labels.loc[themes.labels["theme_id"] == number, "label"]) == {name}


def test_zero_shot_finds_new_themes_beside_the_given_one(planted):
    given = embed_given({"Bills": WORDS["invoice"]})
    themes, agreement, _ = found_by(planted, method="zero_shot", given=given, match=0.5)
    assert agreement > 0.7
    assert len(themes.vectors) >= 3
    assert themes.given["outcome"].tolist() == ["found"]


def test_a_given_theme_may_be_small(planted):
    statements, vectors, _ = planted
    given = embed_given({"One": [WORDS["speed"][0]]})
    themes = find_themes(statements, vectors, minimum_size=12, neighbours=8, method="zero_shot", given=given,
                         match=0.97)
    assert themes.given["outcome"].tolist() == ["found"]


def test_manual_themes_are_only_described(planted):
    statements, vectors, topic = planted
    column = pd.Series(topic.to_numpy(), index=statements["feedback_id"]).drop("speed-0-0")
    themes = find_themes(statements, vectors, method="manual", given=given_by_column(column), minimum_size=3)
    labels = themes.labels.drop_duplicates("theme_id").set_index("theme_id")["label"]
    told = themes.assignments["theme_id"].map(labels).fillna("none")
    assert told[statements["feedback_id"] != "speed-0-0"].tolist() == topic[
        statements["feedback_id"] != "speed-0-0"].tolist()
    assert told[statements["feedback_id"] == "speed-0-0"].tolist() == ["none"]
    assert len(themes.terms)


@pytest.mark.parametrize(("settings", "message"), [
    ({"method": "magic"}, "there is no method 'magic' for themes; there are graph, umap_hdbscan"),
    ({"method": "kmeans"}, "kmeans needs to be told how many themes"),
    ({"method": "guided"}, "guided needs given themes, and there are none"),
    ({"method": "manual"}, "manual needs given themes"),
])
def test_a_method_says_what_it_lacks(planted, settings, message):
    with pytest.raises(InputError, match=message):
        find_themes(planted[0], planted[1], **settings)


def test_a_given_theme_needs_something_to_go_by():
    with pytest.raises(InputError, match="'Bills' has neither words nor examples"):
        embed_given({"Bills": [" "]})


@pytest.mark.parametrize("count", [2, 5, 12])
def test_about_so_many_themes(count):
    points, _ = clusters(12, 40)
    ids = [f"{number:04d}" for number in range(len(points))]
    statements = pd.DataFrame({"statement_id": [f"{name}/0" for name in ids], "feedback_id": ids, "start": 0, "end": 9,
                               "text": [f"word{name} late" for name in ids], "language": "en",
                               "language_confidence": 1.0, "direction": "ltr", "script": "Latn"})
    found = find_themes(statements, points, count=count, neighbours=15)
    assert abs(len(found.vectors) - count) <= 1
    assert found.facts["asked_count"] == count


def test_the_resolution_for_so_many_themes_is_searched():
    points, _ = clusters(1, 400, noise=5.0)
    graph = fuzzy_graph(*nearest_neighbours(points, 15))
    for count in (4, 9):
        resolution = resolution_for(graph, count, lambda part: len(set(part)))
        assert abs(len(set(communities(graph, resolution))) - count) <= 3


def test_so_many_themes_are_found_where_finer_ones_would_be_too_small_to_count():
    """At resolution 1 there are 10 of a dozen rows or more, at 10 none is left: the wish lies between."""
    graph = as_network(fuzzy_graph(*nearest_neighbours(clusters(1, 400, noise=5.0)[0], 15)))

    def of_a_dozen(part):
        return int((np.bincount(part) >= 12).sum())

    for count, least in ((14, 14), (18, 18), (100, 20)):
        assert of_a_dozen(leiden(graph, resolution_for(graph, count, of_a_dozen), 0)) >= least


@pytest.mark.parametrize("count", [4, 12, 30])
def test_the_natural_resolution_finds_as_many_as_were_planted(count):
    points, truth = clusters(count, 60)
    graph = fuzzy_graph(*nearest_neighbours(points, 20))
    found = communities(graph, natural_resolution(graph))
    assert adjusted_rand_score(truth, found) > 0.8


def test_what_is_hard_to_tell_apart_is_still_told_apart_where_the_description_gains():
    points, truth = clusters(60, 60, dimensions=32, noise=1.1)
    network = as_network(fuzzy_graph(*nearest_neighbours(points, 20)))
    broad, fine = (communities(network, resolution) for resolution in (1.0, natural_resolution(network)))
    assert adjusted_rand_score(truth, fine) > adjusted_rand_score(truth, broad) + 0.1
    lengths = [description_length(network.ends, network.weights, part) for part in (fine, broad)]
    assert lengths[0] < lengths[1]


def test_what_was_planted_is_described_more_briefly_than_anything_coarser_or_finer():
    points, truth = clusters(12, 60)
    network = as_network(fuzzy_graph(*nearest_neighbours(points, 20)))
    halves = 2 * truth + np.random.default_rng(0).integers(2, size=len(truth))
    length, *others = (description_length(network.ends, network.weights, part)
                       for part in (truth, truth // 2, halves, np.zeros(len(truth)), np.arange(len(truth))))
    assert length < min(others)
    assert description_length(np.zeros((2, 0), dtype=int), np.zeros(0), np.arange(3)) == 0


def test_ties_within_a_comment_are_no_reason_for_finer_themes():
    points, _ = clusters(4, 60, noise=0.9)
    places = np.repeat(np.arange(len(points)), 5)
    spread = points[places] + 0.1 * np.random.default_rng(1).normal(size=(len(places), points.shape[1]))
    network = as_network(fuzzy_graph(*nearest_neighbours(spread, 12)))
    assert natural_resolution(network, comments=places) < natural_resolution(network) / 1.5


def test_cells_find_nearly_all_neighbours_and_the_same_in_any_number_of_threads():
    from threadpoolctl import threadpool_limits

    points, _ = clusters(80, 100, dimensions=32, noise=1.0)
    exact, _ = nearest_neighbours(points, 10)
    with threadpool_limits(limits=1):
        one = nearest_neighbours(points, 10, exact_up_to=0)
    with threadpool_limits(limits=2):
        two = nearest_neighbours(points, 10, exact_up_to=0)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    hits = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact, one[0], strict=True)])
    assert hits > 0.9
    assert (one[0] != np.arange(len(points))[:, None]).all()


def test_products_of_steps_are_exact():
    points, _ = clusters(3, 50, dimensions=300)
    steps = in_steps(points)
    exact = steps.astype(np.int64) @ steps.astype(np.int64).T
    assert np.array_equal((steps @ steps.T).astype(np.int64), exact)
    assert np.array_equal((steps[:7] @ steps.T).astype(np.int64), exact[:7])


def test_a_sample_of_the_unassigned_is_redacted_and_holds_one_statement_a_comment():
    statements = pd.DataFrame({"statement_id": ["a/0", "a/1", "b/0", "c/0"], "feedback_id": ["a", "a", "b", "c"],
                               "language": "en", "text": ["call 0151 23456789", "x", "mail me@example.org", "in"]})
    assignments = pd.DataFrame({"statement_id": statements["statement_id"], "theme_id": [-1, -1, -1, 0]})
    sample = sample_unassigned(statements, assignments, seed=3)
    assert sample["feedback_id"].tolist() == ["a", "b"]
    assert not sample["text"].str.contains("example|2345").any()
    shuffled = sample_unassigned(statements.iloc[::-1], assignments, seed=3)
    pd.testing.assert_frame_equal(sample, shuffled)


@pytest.mark.parametrize(("make", "given", "message"), [
    (embed_given, {"price": "too dear"}, "the given theme 'price': expected a list of texts, found str"),
    (embed_given, ["price"], "themes: expected a mapping of names to lists of texts"),
    (given_by_column, ["price"], "column: expected a Series of names, indexed by feedback_id, found list"),
])
def test_what_gives_no_themes_is_told(make, given, message):
    with pytest.raises(InputError, match=message):
        make(given)
