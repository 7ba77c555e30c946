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
