"""JupyterLab itself: a notebook is opened, all of it is run, and its charts are seen, without a network."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PATIENCE = 600  # seconds for a kernel to start and all cells to run on a busy machine
DONE = r"""() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((each) => each.textContent);
  return prompts.length > 4 && prompts.every((text) => /\[\d+\]/.test(text));
}"""

SEEN = """() => [...document.querySelectorAll('.jp-OutputArea-output img')].some(picture => picture.naturalWidth > 100)
  && document.querySelectorAll('.jp-OutputArea-output blockquote').length > 3"""
KERNEL = "Voice of Customer workbench"  # the notebook's own, which the Lab takes without asking


@pytest.fixture
def lab(small_study, tmp_path):
    """The address of a JupyterLab whose folder holds one of the project's notebooks, set to the small study."""
    notebook = json.loads((NOTEBOOKS / "frontline.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "parameters")
    lines = "".join(cell["source"]).splitlines(keepends=True)
    cell["source"] = [f"study: str = {str(small_study)!r}\n" if line.startswith("study") else line for line in lines]
    (tmp_path / "frontline.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--ServerApp.root_dir={tmp_path}", f"--ServerApp.port={port}", "--ServerApp.token=",
               "--ServerApp.password=", "--ServerApp.open_browser=False", "--ServerApp.allow_root=True",
               "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    folders = {name: str(tmp_path / name.lower()) for name in own}
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=log,
                                  env={**os.environ, **folders})
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(PATIENCE)


def wait_for(address, server):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "JupyterLab ended"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("JupyterLab did not answer")


def test_charts_are_seen_in_the_lab(lab, browser):
    context = browser.new_context(viewport={"width": 1300, "height": 6000})
    elsewhere = []
    context.route(lambda url: not url.startswith((lab, "data:", "blob:")),
                  lambda route: (elsewhere.append(route.request.url), route.abort()))
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/frontline.ipynb", timeout=PATIENCE * 1000)
    page.wait_for_selector(".jp-CodeCell", timeout=PATIENCE * 1000)
    page.wait_for_selector(f".jp-Toolbar-kernelName:has-text({KERNEL!r})", timeout=PATIENCE * 1000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=PATIENCE * 1000)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click("[data-command='runmenu:run-all']")
    page.wait_for_function(DONE, timeout=PATIENCE * 1000)
    page.wait_for_function(SEEN, timeout=PATIENCE * 1000)
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert elsewhere == []
    context.close()
