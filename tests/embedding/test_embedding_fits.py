"""What was fitted to examples ships or is kept, and is made anew when anything that makes it is another."""

import os

import numpy as np
import pytest

from workbench.embedding import fits, load_encoder
from workbench.embedding.fits import fit_key, known_fit, read_fit, same_fit, ship_fit, write_fit

PLAIN = {"weights": np.array([[1.0, 2000.0]]), "places": np.array([3, 4])}


class Other:
    name, identity, dimensions = "other", "another identity", 2


def never():
    pytest.fail("fitted again")


def test_a_fit_that_ships_serves_the_embedded_encoder_and_no_other(tmp_path):
    file = tmp_path / "shipped" / "fit.npz"
    assert ship_fit(file, "examples", ("feedback",), PLAIN)
    found = known_fit("tone", "examples", load_encoder(), never, read_by=("feedback",), kept=tmp_path, shipped=file)
    assert same_fit(found, PLAIN, rounding=0.0)
    assert not list(tmp_path.glob("*.npz"))
    made = {"weights": np.eye(2)}
    assert known_fit("tone", "examples", Other(), lambda: made, read_by=("feedback",), shipped=file) is made


@pytest.mark.parametrize(("fingerprint", "read_by"), [("other examples", ("feedback",)), ("examples", ("language",))])
def test_what_ships_is_left_where_examples_or_code_are_others(tmp_path, fingerprint, read_by):
    file = tmp_path / "fit.npz"
    ship_fit(file, "examples", ("feedback",), PLAIN)
    made = {"weights": np.eye(2)}
    found = known_fit("tone", fingerprint, load_encoder(), lambda: made, read_by=read_by, shipped=file)
    assert found is made


def test_a_damaged_file_that_ships_is_left(tmp_path):
    file = tmp_path / "fit.npz"
    ship_fit(file, "examples", (), PLAIN)
    file.write_bytes(file.read_bytes()[:60])
    assert fits.read_shipped(file, "examples", ()) is None


def test_a_file_that_ships_with_one_other_byte_is_left(tmp_path):
    file = tmp_path / "fit.npz"
    ship_fit(file, "examples", (), PLAIN)
    content = file.read_bytes()
    for place in range(len(content)):
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1:])
        assert fits.read_shipped(file, "examples", ()) is None


def test_what_differs_by_rounding_alone_is_not_written_again(tmp_path):
    file = tmp_path / "fit.npz"
    assert ship_fit(file, "examples", (), PLAIN)
    before = file.read_bytes()
    assert not ship_fit(file, "other examples", (), {**PLAIN, "weights": PLAIN["weights"] + 1e-7})
    assert file.read_bytes() == before
    assert fits.read_shipped(file, "other examples", ()) is not None
    assert ship_fit(file, "examples", (), {**PLAIN, "weights": PLAIN["weights"] + 1e-5})
    assert ship_fit(file, "examples", (), {"weights": PLAIN["weights"]})


def test_a_fit_of_another_encoder_is_kept_and_read_back(tmp_path):
    first = known_fit("tone", "examples", Other(), lambda: PLAIN, read_by=(), kept=tmp_path)
    again = known_fit("tone", "examples", Other(), never, read_by=(), kept=tmp_path)
    assert same_fit(first, again, rounding=0.0)


def test_a_damaged_fit_is_made_again_and_a_folder_that_cannot_be_written_does_no_harm(tmp_path):
    key = fit_key("model", "encoder", ())
    write_fit(tmp_path, key, PLAIN, "journey")
    assert fit_key("other", "encoder", ()) != key
    file = next(tmp_path.glob("*.npz"))
    content = file.read_bytes()
    way = content.index(b"PK\1\2") + 10  # how its first array is compressed
    of_no_kind = content[:way] + b"\x63" + content[way + 1:]
    for damaged in (content[:40], of_no_kind):
        file.write_bytes(damaged)
        assert read_fit(tmp_path, key, "journey") is None
    (tmp_path / "file").write_text("")
    write_fit(tmp_path / "file", key, PLAIN, "journey")
    assert read_fit(tmp_path / "file", key, "journey") is None


def test_changed_code_gets_a_fit_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "one.py").write_text("a = 1\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two.py").write_text("b = 1\n")
    monkeypatch.setattr(fits, "__file__", str(tmp_path / "embedding" / "fits.py"))
    keys = []
    for changed in ("one.py", "folder/two.py"):
        keys.append(fit_key("model", "encoder", ("one.py", "folder")))
        (tmp_path / changed).write_text("c = 1\n")
        fits._code.cache_clear()
    keys.append(fit_key("model", "encoder", ("one.py", "folder")))
    fits._code.cache_clear()
    assert len(set(keys)) == 3


def test_fits_that_nothing_asks_for_any_more_go(tmp_path):
    for number in range(6):
        write_fit(tmp_path, f"key {number}", PLAIN, "journey")
        os.utime(tmp_path / f"journey-key {number}.npz", ns=(number, number))
    write_fit(tmp_path, "tone", PLAIN, "tone")
    assert [number for number in range(6) if read_fit(tmp_path, f"key {number}", "journey")] == [2, 3, 4, 5]
    assert read_fit(tmp_path, "tone", "tone")
