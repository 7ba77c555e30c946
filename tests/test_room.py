import platform
import subprocess
import sys

import pytest

from workbench.embedding import load_encoder
from workbench.embedding.encoders import let_go
from workbench.stages import embedding

SCATTERED = """
from workbench.room import give_back

def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

blocks = [bytes(2000) for _ in range(60_000)]
kept = blocks[::50]
del blocks
before = megabytes()
give_back()
print(before - megabytes())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other systems are not asked to give memory back")
def test_memory_that_was_freed_between_what_is_kept_goes_back_to_the_system():
    run = subprocess.run([sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=True)
    assert float(run.stdout) > 40  # of the 115 MB that were freed


@pytest.mark.parametrize(("statements", "kept"), [(10, True), (11, False)])
def test_only_a_large_study_lets_go_of_the_encoder(monkeypatch, statements, kept):
    monkeypatch.setattr(embedding, "_LARGE", 10)
    encoder = load_encoder()
    embedding.let_go_of_encoder(statements)
    assert (load_encoder() is encoder) == kept


def test_an_encoder_that_was_let_go_of_gives_the_same_vectors():
    before = load_encoder().encode(["دیر شد", "late"])
    let_go()
    assert (load_encoder().encode(["دیر شد", "late"]) == before).all()
