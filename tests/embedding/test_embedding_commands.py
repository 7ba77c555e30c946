import pandas as pd
import pytest
from tiny_corpus import tiny_pairs
from typer import BadParameter
from typer.testing import CliRunner

from workbench.__main__ import app
from workbench.embedding import StaticEncoder
from workbench.errors import InputError

pytestmark = pytest.mark.filterwarnings("default")  # the libraries below warn about themselves


def voc(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False,
                              standalone_mode=False)


@pytest.mark.slow
def test_training_from_the_command_with_two_runs_side_by_side(tiny_teacher, tmp_path):
    pairs = pd.concat([tiny_pairs(), tiny_pairs().head(1).assign(english="")])
    pairs.to_csv(tmp_path / "pairs.csv", index=False)
    done = voc("train-encoder", tmp_path / "pairs.csv", "--teacher", tiny_teacher, "--output", tmp_path / "m.npz",
               "--quick", 0.002, "--threads", 2)
    assert "pairs.csv, empty_english: 1" in done.output
    assert StaticEncoder(tmp_path / "m.npz").encode(["late"]).any()
    assert (tmp_path / "m.md").exists()


@pytest.mark.slow
def test_words_are_taught_from_the_command(tmp_path):
    (tmp_path / "terms.csv").write_text("term,language,english\nترابرد,fa,mobile number portability\n,fa,x\n",
                                        encoding="utf-8")
    (tmp_path / "s.csv").write_text("text,language,english\nمودم نوری قطع شد,fa,the fibre router lost connection\n",
                                    encoding="utf-8")
    done = voc("train-encoder", "--continue", "--glossary", tmp_path / "terms.csv", "--pairs", tmp_path / "s.csv",
               "--output", tmp_path / "m.npz")
    assert "2 terms, cosine" in done.output
    assert "rejected, empty_text: 1" in done.output
    assert "ترابرد = mobile number portability: 0.03 -> 0.9" in done.output
    assert "have the same vector as before" in done.output


@pytest.mark.parametrize(("arguments", "message"), [
    ((), "Name at least one table of pairs"),
    (("--glossary", "terms.csv"), "belong to --continue"),
    (("--continue",), "Give a glossary"),
    (("pairs.csv", "--output", "model.txt"), r"into NAME\.npz, .* not into model\.txt"),
    (("--continue", "--output", "model"), r"into NAME\.npz"),
])
def test_what_is_missing_is_told(arguments, message):
    with pytest.raises(InputError, match=message):
        voc("train-encoder", *arguments)


@pytest.mark.parametrize(("option", "value"), [("--threads", 0), ("--quick", 0), ("--quick", -1), ("--quick", 11)])
def test_a_number_out_of_range_is_told_before_anything_runs(option, value):
    with pytest.raises(BadParameter, match=r"should be (greater|less) than or equal to"):
        voc("train-encoder", "pairs.csv", option, value)
