"""Places on the map of statements."""

import numpy as np
import pytest

from workbench.themes.layout import lay_out


def planted(seed=0, themes=6, each=40, dimensions=16):
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(themes, dimensions))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    labels = np.repeat(np.arange(-1, themes), each)
    noise = 0.1 * draw.normal(size=(len(labels), dimensions))
    vectors = np.where(labels[:, None] >= 0, centres[labels.clip(0)], 0) + noise
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels, centres


def test_the_order_of_rows_does_not_matter():
    vectors, labels, centres = planted()
    places = lay_out(vectors, labels, centres, np.arange(6))
    order = np.random.default_rng(1).permutation(len(labels))
    again = lay_out(vectors[order], labels[order], centres, np.arange(6))
    np.testing.assert_allclose(again, places[order], atol=1e-5)


def test_themes_do_not_cover_each_other():
    vectors, labels, centres = planted()
    places = lay_out(vectors, labels, centres, np.arange(6))
    middles = np.array([places[labels == theme].mean(axis=0) for theme in range(6)])
    spread = [np.linalg.norm(places[labels == theme] - middles[theme], axis=1).max() for theme in range(6)]
    for one in range(6):
        for other in range(one):
            assert np.linalg.norm(middles[one] - middles[other]) > max(spread[one], spread[other])


def test_like_themes_stand_nearer_than_unlike_ones():
    base = np.eye(8)[:4]
    twin = base[0] + 0.15 * np.eye(8)[5]
    centres = np.vstack([base, twin / np.linalg.norm(twin)])
    labels = np.repeat(np.arange(5), 30)
    noise = 0.01 * np.random.default_rng(0).normal(size=(150, 8))
    places = lay_out(centres[labels] + noise, labels, centres, np.arange(5))
    middles = np.array([places[labels == theme].mean(axis=0) for theme in range(5)])
    away = np.linalg.norm(middles - middles[4], axis=1)
    assert away[:4].argmin() == 0


@pytest.mark.parametrize(("statements", "themes"), [(0, 0), (3, 0), (1, 1), (5, 1), (4, 2)])
def test_few_of_anything(statements, themes):
    vectors = np.eye(8)[:statements]
    labels = np.arange(statements) % max(themes, 1) if themes else np.full(statements, -1)
    places = lay_out(vectors, labels, np.eye(8)[:themes], np.arange(themes))
    assert places.shape == (statements, 2)
    assert np.isfinite(places).all()
    assert np.abs(places).max(initial=0) <= 1


def test_statements_without_a_vector_have_a_place():
    vectors, labels, centres = planted()
    vectors[:3] = 0
    assert np.isfinite(lay_out(vectors, labels, centres, np.arange(6))).all()
