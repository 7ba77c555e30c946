"""A disk that is full: the last good report stays."""

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are set by a POSIX shell")
@pytest.mark.parametrize("blocks", [1, 40], ids=["nothing fits", "the notebook fits, the page does not"])
def test_a_full_disk_leaves_the_last_report(write_notebook, tmp_path, blocks):
    notebook = write_notebook("print('x' * 30_000)" if blocks > 1 else "1")
    place = tmp_path / "out"
    (place / "tiny.en").mkdir(parents=True)
    (place / "tiny.en" / "manifest.json").write_text("earlier")
    (place / "tiny.en.html").write_text("earlier")
    given = f"{str(notebook)!r}, output={str(place)!r}, progress=False"
    run = f"from workbench.report import render_report; render_report({given})"
    done = subprocess.run(["bash", "-c", f'ulimit -f {blocks}; exec "$0" -c "$1"', sys.executable, run],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert (place / "tiny.en.html").read_text() == "earlier"
    assert (place / "tiny.en" / "manifest.json").read_text() == "earlier"
    assert not [path.name for path in place.iterdir() if path.name.startswith(".")]
