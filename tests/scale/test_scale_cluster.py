"""A real cluster of two worker processes on this machine: the same tables, and workers that die while they work."""

import json
import logging
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from patience import PATIENCE, ask_until

from workbench.analysis import analyse
from workbench.errors import ClusterError
from workbench.scale import blocks, cluster, open_executor
from workbench.scale.cluster import Cluster
from workbench.scale.worker import describe_process
from workbench.store import array_digest, table_digest

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SECRET = "my number is 0171 2345678"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may take long to answer, and to start a worker in the place of one that was killed."""
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(cluster, "_WORKER_SECONDS", PATIENCE)


@pytest.fixture(scope="module")
def two_workers():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0",
                      silence_logs=logging.ERROR) as local:
        yield local


@pytest.fixture
def client(two_workers):
    from distributed import Client

    with Client(two_workers.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A function that writes a study of four hundred comments of the sample into a new folder."""
    from tests.conftest import SAMPLE

    rows = pd.read_csv(SAMPLE.parent / "feedback.csv", dtype=str).head(400)

    def write(name):
        folder = tmp_path_factory.mktemp(name)
        rows.to_csv(folder / "comments.csv", index=False)
        path = folder / "study.yaml"
        path.write_text("name: Many\nfeedback: comments.csv\nthemes: {sample: 300}\n", encoding="utf-8")
        return path

    return write


def digests(analysis):
    return {name: array_digest(np.asarray(table)) if isinstance(table, np.ndarray) else table_digest(table)
            for name, table in analysis.tables.items()}


def fail(text):
    raise KeyError(text)


def wait(text):
    time.sleep(0.2)
    return text


def end_worker(text):
    os.kill(os.getpid(), signal.SIGKILL)


def processes(client):
    return sorted(client.run(os.getpid).values())


def test_killed_workers_change_no_table(many, client, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 40)
    alone = digests(analyse(many("alone"), progress=False))
    killed = []

    class Deadly(Cluster):
        """Kills a worker after the second block of two stages, while others are under way."""

        def _take(self, waiting, done, total):
            if done == 2 and total > 5 and len(killed) < 2:
                assert len(waiting) > 2
                killed.append(processes(self.client)[0])
                os.kill(killed[-1], signal.SIGKILL)
            return super()._take(waiting, done, total)

    monkeypatch.setattr(cluster, "Cluster", Deadly)
    together = analyse(many("together"), cluster=client, progress=False)
    assert len(set(killed)) == 2
    assert not set(killed) & set(processes(client))
    assert digests(together) == alone
    assert len(alone) > 60


def test_a_failing_block_is_told_without_a_word_of_it(client, two_workers, capfd):
    with open_executor(client) as executor, pytest.raises(
            ClusterError, match=r"the worker tcp://\S+ failed with KeyError in test_scale_cluster\.py, line \d+"):
        list(executor.map_blocks(fail, [(SECRET,)]))
    logs = str(client.get_worker_logs(nanny=False)) + str(client.get_scheduler_logs()) + str(two_workers.get_logs())
    logs += "".join(capfd.readouterr()) + str(client.get_events())
    assert "BlockError" in logs
    assert not [piece for piece in ("my number", "0171 2345678", "2345678") if piece in logs]  # no clock writes these


def test_what_is_under_way_is_cancelled_when_someone_stops_it(client):
    with open_executor(client) as executor:
        def stop(done, total):
            raise KeyboardInterrupt

        executor.tell = stop
        with pytest.raises(KeyboardInterrupt):
            list(executor.map_blocks(wait, [(number,) for number in range(200)]))
        assert ask_until(lambda: client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)),
                         lambda left: not left) == 0


def test_a_process_of_another_version_is_named(client, monkeypatch):
    own = describe_process()
    answers = {"tcp://10.0.0.7:4": own, "tcp://10.0.0.8:4": {**own, "pandas": "9.9"}, "tcp://10.0.0.9:4": OSError()}
    monkeypatch.setattr(client, "run", lambda *_, **__: answers)
    with pytest.raises(ClusterError, match=r"the worker tcp://10\.0\.0\.8:4 has pandas 9\.9, and it is .* here"):
        open_executor(client)
    answers["tcp://10.0.0.8:4"] = own
    with pytest.raises(ClusterError, match=r"the worker tcp://10\.0\.0\.9:4 cannot run this package \(OSError\)"):
        open_executor(client)
    answers["tcp://10.0.0.9:4"] = own
    monkeypatch.setattr(client, "run_on_scheduler", lambda *_: {**own, "python": "3.0"})
    with pytest.raises(ClusterError, match=r"the scheduler has python 3\.0"):
        open_executor(client)


def test_a_model_file_travels_to_workers_that_do_not_have_it(client, tmp_path):
    from workbench.embedding import EMBEDDED_MODEL, embed

    path = tmp_path / "own.npz"
    path.write_bytes(EMBEDDED_MODEL.read_bytes())
    texts = [f"دیر شد {number}" for number in range(50)]
    with open_executor(client) as executor:
        encoder = executor.encoder(str(path))
        held = path.rename(tmp_path / "moved.npz")
        vectors = embed(texts, encoder)
    assert (vectors == embed(texts, str(held))).all()


def test_an_encoder_that_the_worker_does_not_have_is_told(client):
    from workbench.scale.encoding import encode_batch

    with open_executor(client) as executor:
        encoder = executor.encoder("embedded")
        encoder.identity = "0" * 64
        with pytest.raises(ClusterError, match=r"the worker tcp://\S+: .* is another one than where"):
            list(executor.map_blocks(encode_batch, [(["late"],)], encoder))


def test_a_block_that_ends_every_worker_is_told():
    import dask
    from distributed import LocalCluster

    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50) as local, \
            open_executor(local.scheduler_address) as executor, \
            pytest.raises(ClusterError, match="one block of rows ended tcp://"):
        list(executor.map_blocks(end_worker, [(SECRET,)]))


def test_a_scheduler_without_workers_is_told(monkeypatch):
    from distributed import LocalCluster

    connect = cluster._connect

    def connect_and_wait_no_more(address):
        client = connect(address)
        monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
        return client

    monkeypatch.setattr(cluster, "_connect", connect_and_wait_no_more)
    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as local, \
            pytest.raises(ClusterError, match="has no worker; start one with `dask worker tcp://"):
        open_executor(local.scheduler_address)


def address_in(file):
    """Return the address that a scheduler has written, or nothing while it has not written all of it."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))["address"]
    except (FileNotFoundError, json.JSONDecodeError):
        return ""


def test_a_lost_scheduler_is_told_and_the_store_stays_good(tmp_path, make_small_study, monkeypatch, capsys):
    monkeypatch.setattr(blocks, "ROWS", 5)
    path, file = make_small_study(tmp_path / "lost"), tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*dask, "scheduler", "--port", "0", "--dashboard-address", ":0", "--scheduler-file",
                           str(file)], **quiet) as scheduler:
        address = ask_until(lambda: address_in(file))
        with subprocess.Popen([*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"],
                              **quiet) as worker:
            class Lost(Cluster):
                def _take(self, waiting, done, total):
                    if done == 3:
                        scheduler.kill()
                    return super()._take(waiting, done, total)

            monkeypatch.setattr(cluster, "Cluster", Lost)
            with pytest.raises(ClusterError, match=r"connection to the scheduler was lost\. What was done is stored"):
                analyse(path, cluster=address, progress=False)
            worker.kill()
    analyse(path)
    assert capsys.readouterr().err.count("stored") == 1
