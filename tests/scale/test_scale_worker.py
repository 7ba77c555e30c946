"""What a worker says and does not say."""

import pickle

import pytest

pytest.importorskip("distributed")

from workbench.errors import EncoderError, InputError
from workbench.scale import worker
from workbench.scale.worker import BlockError, Refused, describe_process, name_call, own_fingerprint, run_sealed, seal

SECRET = "my number is 0171 2345678"


def fail(text):
    raise KeyError(text)


def refuse(text):
    raise InputError("the column 'text' is missing.")


def test_a_call_is_run():
    assert run_sealed(seal(len, ("دیر",)), own_fingerprint()) == 3


def test_a_failure_tells_its_kind_and_place_and_not_what_failed():
    told = r"^this process failed with KeyError in test_scale_worker\.py, line \d+$"
    with pytest.raises(BlockError, match=told) as caught:
        run_sealed(seal(fail, (SECRET,)), own_fingerprint())
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_an_error_that_is_the_users_is_answered_and_not_tried_again():
    answer = run_sealed(seal(refuse, (SECRET,)), own_fingerprint())
    assert answer.reason == "this process: the column 'text' is missing."


def test_a_worker_of_another_version_refuses():
    answer = run_sealed(seal(len, ("دیر",)), "another")
    assert isinstance(answer, Refused)
    assert "another version" in answer.reason


def test_what_travels_shows_itself_nowhere():
    sealed = seal(fail, (SECRET,))
    for shown in (repr(sealed), str(sealed), f"{(sealed,)}"):
        assert SECRET not in shown
    key = name_call(fail, sealed, own_fingerprint())
    assert key.startswith("fail-")
    assert len(key) == len("fail-") + 64


def test_the_same_call_has_the_same_key_and_another_one_another():
    keys = [name_call(fail, seal(fail, (text,)), code) for text, code in
            ((SECRET, "a"), (SECRET, "a"), ("other", "a"), (SECRET, "b"))]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_process_is_described_by_all_that_decides_results():
    assert {"python", "workbench", "code", "numpy", "pandas", "tokenizers"} <= set(describe_process())


def test_an_encoder_is_loaded_once_and_is_the_one_that_is_meant(monkeypatch):
    monkeypatch.setattr(worker, "sent_file", lambda identity: None)
    from workbench.embedding import load_encoder

    identity = load_encoder("embedded").identity
    assert worker.load_once("embedded", identity) is worker.load_once("embedded", identity)
    with pytest.raises(EncoderError, match="is another one than where the analysis was started"):
        worker.load_once("embedded", "0" * 64)


def test_an_encoder_travels_as_its_name(monkeypatch):
    pytest.importorskip("distributed")
    from workbench.scale.encoding import SharedEncoder

    monkeypatch.setattr(worker, "sent_file", lambda identity: None)
    shared = SharedEncoder("embedded", None)
    packed = pickle.dumps(shared)
    assert len(packed) < 300
    there = pickle.loads(packed)
    assert there.identity == shared.identity
    assert (there.encode(["دیر شد"]) == shared.encode(["دیر شد"])).all()
