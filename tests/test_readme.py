"""What the README shows is run as it stands there."""

import os
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_code_of_the_readme_runs(tmp_path, monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    for name in ("data", "notebooks"):
        os.symlink(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(names["themes"].assignments) == len(names["statements"]) == len(names["vectors"])
    assert names["report"].html.is_file()
    assert names["report"].html.is_relative_to(tmp_path)


YAML = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_the_codebook_of_the_readme_runs(small_study, tmp_path):
    from workbench.analysis import analyse

    (rules,) = (text for text in YAML if text.startswith("rules:"))
    shutil.copytree(small_study.parent, tmp_path / "copy")
    (tmp_path / "copy" / "codebook.yaml").write_text(rules, encoding="utf-8")
    study = tmp_path / "copy" / "study.yaml"
    study.write_text(study.read_text(encoding="utf-8") + "codebook: codebook.yaml\n", encoding="utf-8")
    analysis = analyse(study, progress=False)
    assert len(analysis.codebook_report) == rules.count("- {")
    status = analysis.codebook_report.groupby("rule")["status"].first()
    assert status[["rename", "describe", "merge"]].eq("applied").all()
    assert "conflict" not in set(status)
    assert analysis.themes.set_index("theme_id").at[0, "label"] == "Wrong invoices"


@pytest.mark.parametrize("study", [text for text in YAML if not text.startswith(("rules:", "id:"))])
def test_the_studies_of_the_readme_are_valid(tmp_path, study):
    from workbench.study import load_study

    needed = {"name: One": "^name:", "feedback: comments.csv": "^feedback:"}
    missing = [line for line, pattern in needed.items() if not re.search(pattern, study, re.MULTILINE)]
    whole = "\n".join([*missing, study])
    (tmp_path / "study.yaml").write_text(whole, encoding="utf-8")
    assert load_study(tmp_path / "study.yaml").feedback


def test_the_journey_model_of_the_readme_is_valid(tmp_path):
    from workbench.journey import load_journey_model

    (text,) = (text for text in YAML if text.startswith("id:"))
    (tmp_path / "journey.yaml").write_text(text, encoding="utf-8")
    model = load_journey_model(tmp_path / "journey.yaml")
    assert model.name("fitting", "fa") == "اندازه‌گیری"
    assert len(model.stages) == 7


def test_files_and_verbs_that_the_readme_names_are_there():
    for path in re.findall(r"`((?:workbench|notebooks|data|benchmarks|tests)/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in re.findall(r"`make ([a-z-]+)`", README):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb
