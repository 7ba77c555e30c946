import numpy as np
import pytest

from workbench.embedding import StaticEncoder
from workbench.embedding.model_file import read_model, write_model
from workbench.errors import EncoderError


def test_what_is_written_is_read_again(first_version, tmp_path):
    write_model(tmp_path / "m.npz", first_version)
    back = read_model((tmp_path / "m.npz").read_bytes(), tmp_path / "m.npz")
    assert back.pieces == first_version.pieces
    for name in ("codes", "scores", "codebook", "norms"):
        np.testing.assert_array_equal(getattr(back, name), getattr(first_version, name))
    encoder = StaticEncoder(tmp_path / "m.npz")
    np.testing.assert_array_equal(encoder.table(), first_version.table())
    assert encoder.encode(["late", "دیر", ""]).any(axis=1).tolist() == [True, True, False]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(("change", "message"), [
    ({"version": np.array([1, 2])}, "cut short or altered"),
    ({"version": np.array("x")}, "cut short or altered"),
    ({"version": np.int64(99)}, "format version 99, and this program reads versions 1 and 2"),
    ({"cb": None}, "it lacks cb"),
    ({"norms": np.ones(3, np.float16)}, "arrays differ in length"),
    ({"vocab": np.zeros(9, np.uint8)}, "cut short or altered"),
])
def test_another_version_or_missing_part_is_told(first_version, tmp_path, change, message):
    write_model(tmp_path / "m.npz", first_version)
    with np.load(tmp_path / "m.npz") as archive:
        arrays = {name: archive[name] for name in archive.files} | change
    np.savez(tmp_path / "m.npz", **{name: value for name, value in arrays.items() if value is not None})
    with pytest.raises(EncoderError, match=f"m.npz is not an encoder file that this version reads: .*{message}"):
        StaticEncoder(tmp_path / "m.npz")


def test_a_changed_bit_is_told_wherever_it_stands_or_changes_nothing(first_version, tmp_path):
    file = tmp_path / "m.npz"
    write_model(file, first_version)
    content = file.read_bytes()
    ends = np.random.default_rng(0).choice(len(content), 200).tolist() + list(range(len(content) - 500, len(content)))
    refused = 0
    for place, bit in [(place, 1 << bit) for place in ends for bit in (0, 3, 6)]:
        changed = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        try:
            back = read_model(changed, file)
        except EncoderError:
            refused += 1
        else:
            assert back.pieces == first_version.pieces
            np.testing.assert_array_equal(back.table(), first_version.table())
    assert refused > 1000


def test_an_array_by_itself_is_no_model(tmp_path):
    with (tmp_path / "m.npz").open("wb") as file:
        np.save(file, np.eye(2))
    with pytest.raises(EncoderError, match=r"m\.npz is not an encoder file that this version reads"):
        StaticEncoder(tmp_path / "m.npz")
