"""Labels from a language model, against a real server on this machine that answers well, badly, late or not at all."""

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest
from patience import PATIENCE, wait_until

from workbench.analysis import analyse
from workbench.errors import StudyError
from workbench.study import load_study
from workbench.themes.endpoint import Endpoint, EndpointError
from workbench.themes.proposals import check_text, propose_labels

GOOD = {"en": {"label": "Wrong invoices", "summary": "People say that their invoice is wrong."},
        "fa": {"label": "صورتحساب اشتباه", "summary": "مردم می‌گویند صورتحسابشان اشتباه است."}}


class Server(ThreadingHTTPServer):
    """Answers every request with what `behave` says and remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.behave = [], lambda asked: (200, reply(GOOD))

    def handle_error(self, request, client_address):
        """Say nothing, whatever test is running by now: who asked had no patience."""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        status, content = self.server.behave(json.loads(body))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/v1/elsewhere")
        self.end_headers()
        pieces = content if isinstance(content, list) else [content]
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            if len(pieces) > 1:
                time.sleep(0.1)

    def log_message(self, *args):
        pass


def reply(labels):
    content = json.dumps({"labels": labels}, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def endpoint(server, tmp_path):
    return Endpoint(server.address, "small", tmp_path / "replies", timeout=PATIENCE)


def proposed(endpoint, languages=("en", "fa"), themes=1, texts=("my invoice is wrong, call 09121234567",)):
    terms = pd.DataFrame({"theme_id": range(themes), "language": "en", "rank": 1, "term": "invoice"})
    rows = [(f"{theme}-{n}/0", f"{text}, theme {theme}", "en")
            for theme in range(themes) for n, text in enumerate(texts)]
    statements = pd.DataFrame(rows, columns=["statement_id", "text", "language"])
    assignments = pd.DataFrame({"statement_id": statements["statement_id"], "strength": 0.5,
                                "theme_id": [int(name.split("-")[0]) for name in statements["statement_id"]]})
    labels = pd.DataFrame([(theme, language, f"own label {theme}") for theme in range(themes)
                           for language in languages], columns=["theme_id", "language", "label"])
    return propose_labels(terms, statements, assignments, labels, endpoint, languages)


def test_good_answers_are_taken_over(server, endpoint):
    made = proposed(endpoint)
    assert made.labels["label"].tolist() == ["Wrong invoices", "صورتحساب اشتباه"]
    assert made.labels["summary"].iloc[0].startswith("People say")
    assert (made.asked, made.refused) == (2, {})
    assert server.asked[0][0] == "/v1/chat/completions"
    assert server.asked[0][2]["model"] == "small"


def test_only_redacted_text_is_sent(server, endpoint):
    proposed(endpoint, texts=("mail jane@example.com or call 09121234567",))
    sent = json.dumps(server.asked[0][2], ensure_ascii=False)
    assert "09121234567" not in sent
    assert "jane@" not in sent
    assert "[phone]" in sent


def test_the_same_question_is_asked_once(server, endpoint):
    first, again = proposed(endpoint), proposed(endpoint)
    assert len(server.asked) == 1
    assert (first.stored, again.stored) == (0, 1)
    pd.testing.assert_frame_equal(first.labels, again.labels)


def test_another_model_or_text_is_another_question(server, endpoint, tmp_path):
    proposed(endpoint)
    proposed(Endpoint(server.address, "large", endpoint.replies, timeout=PATIENCE))
    proposed(endpoint, texts=("another text",))
    assert len(server.asked) == 3


@pytest.mark.parametrize(("answer", "reason"), [
    (None, "nonsense"), ("late", "nonsense"), ({"text": "late"}, "nonsense"), ({"label": 7}, "nonsense"),
    ({"label": "Late", "summary": ["x"]}, "length"), ({"label": "x"}, "length"), ({"label": "long " * 20}, "length"),
    ({"label": "<script>alert(1)</script>"}, "markup"), ({"label": "**Late**"}, "markup"),
    ({"label": "[late](javascript:x)"}, "markup"), ({"label": "late \u202egnp"}, "markup"),
    ({"label": "see https://example.com"}, "markup"), ({"label": "call 0171 2345678"}, "personal_data"),
    ({"label": "write jane@example.com"}, "personal_data"), ({"label": "صورتحساب"}, "language"),
    ({"label": "Late", "summary": "Die Kunden sagen, dass ihre Pakete immer zu spät geliefert werden."}, "language"),
    ({"label": "Late", "summary": "It is late. It is bad."}, "length"), ({"label": "Own  LABEL 1"}, "repeated"),
])
def test_an_answer_that_fails_a_check_is_refused_with_its_reason(server, endpoint, answer, reason):
    good = {"en": {"label": "Fine words"}}
    server.behave = lambda asked: (200, reply(good if len(server.asked) > 1 else {"en": answer}))
    made = proposed(endpoint, ("en",), themes=2)
    assert made.refused == {reason: 1}
    assert made.labels[["theme_id", "label"]].values.tolist() == [[1, "Fine words"]]


def test_two_themes_do_not_get_one_label(server, endpoint):
    made = proposed(endpoint, ("en",), themes=3)
    assert made.labels["theme_id"].tolist() == [0]
    assert made.refused == {"repeated": 2}


@pytest.mark.parametrize(("behave", "reason"), [
    (lambda asked: (500, b"oops"), "failed"), (lambda asked: (404, b""), "failed"),
    (lambda asked: (302, b""), "failed"), (lambda asked: (200, b"<html>"), "nonsense"),
    (lambda asked: (200, b'{"choices": []}'), "nonsense"), (lambda asked: (200, b"[" * 100_000), "nonsense"),
    (lambda asked: (200, b'{"choices": [{"message": {"content": null}}]}'), "nonsense"),
    (lambda asked: (200, b"x" * 300_000), "nonsense"), (lambda asked: (200, b""), "nonsense"),
    (lambda asked: time.sleep(PATIENCE) or (200, b""), "timeout"), (lambda asked: (200, [b" "] * 15), "timeout"),
])
def test_a_server_that_fails_leaves_the_labels_and_says_why(server, tmp_path, behave, reason):
    server.behave = behave
    made = proposed(Endpoint(server.address, "small", tmp_path, timeout=0.6 if reason == "timeout" else PATIENCE))
    assert made.refused == {reason: 2}
    assert len(made.labels) == 0
    wait_until(lambda: server.asked)  # one that is late may also be late to read the question
    assert Counter(path for path, _, _ in server.asked) == {"/v1/chat/completions": 1}


def test_nobody_there_is_unreachable_and_replayed(tmp_path):
    endpoint = Endpoint("http://127.0.0.1:9/v1", "small", tmp_path, timeout=PATIENCE)
    assert proposed(endpoint).refused == {"unreachable": 2}
    assert proposed(endpoint).refused == {"unreachable": 2}


def test_a_greater_attempt_asks_again_only_what_was_not_accepted(server, tmp_path):
    server.behave = lambda asked: (500, b"")
    proposed(Endpoint(server.address, "small", tmp_path, timeout=PATIENCE))
    server.behave = lambda asked: (200, reply(GOOD))
    proposed(Endpoint(server.address, "small", tmp_path, timeout=PATIENCE))
    assert len(server.asked) == 1
    assert len(proposed(Endpoint(server.address, "small", tmp_path, timeout=PATIENCE, attempt=2)).labels) == 2
    proposed(Endpoint(server.address, "small", tmp_path, timeout=PATIENCE, attempt=3))
    assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [
    {**GOOD, "en": {"label": "call 0171 2345678"}}, {**GOOD, "de": {"label": "jane@example.com"}}, ["0171 2345678"]])
def test_of_an_answer_with_personal_data_only_the_refusal_is_stored(server, endpoint, answer):
    server.behave = lambda asked: (200, reply(answer))
    for _ in range(2):
        made = proposed(endpoint)
        assert (made.refused, len(made.labels), made.stored) == ({"personal_data": 2}, 0, 0)
    stored = [json.loads(file.read_text(encoding="utf-8")) for file in endpoint.replies.iterdir()]
    assert stored == [{"attempt": 1, "failed": "personal_data"}]
    assert len(server.asked) == 1


def test_the_key_is_sent_and_stored_nowhere(server, tmp_path, monkeypatch):
    monkeypatch.setenv("LABEL_KEY", "sesame-123")
    proposed(Endpoint(server.address, "small", tmp_path, key_env="LABEL_KEY", timeout=PATIENCE))
    assert server.asked[0][1]["Authorization"] == "Bearer sesame-123"
    assert all("sesame" not in path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.json"))


@pytest.mark.parametrize("value", [None, "", "two\nlines", "ключ"])
def test_without_a_key_nothing_is_sent(server, tmp_path, monkeypatch, value):
    monkeypatch.delenv("LABEL_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("LABEL_KEY", value)
    endpoint = Endpoint(server.address, "small", tmp_path, key_env="LABEL_KEY", timeout=PATIENCE)
    with pytest.raises(EndpointError, match="no_key"):
        endpoint.ask([{"role": "user", "content": "x"}])
    assert server.asked == []


@pytest.mark.parametrize(("text", "language"), [
    ("سرعت اینترنت", "fa"), ("配送が遅い", "ja"), ("发票错误", "zh"), ("неверный счёт", "ru"), ("गलत बिल", "hi"),
    ("yanlış fatura", "tr"), ("بل غلط ہے", "ur"), ("لغو می‌شود", "fa"),
])
def test_texts_of_every_script_pass(text, language):
    assert check_text(text, language, 60) == ""


@pytest.mark.parametrize(("settings", "message"), [
    ("{endpoint: 'ftp://x/v1', model: m}", "http"), ("{endpoint: 'http://u:p@x/v1', model: m}", "holds no key"),
    ("{endpoint: 'http://x/v1'}", "needs the name of a model"), ("{endpiont: 'http://x'}", "did you mean 'endpoint'"),
    ("{endpoint: 'http://llm.example.com/v1', model: m}", "starts with https"),
    ("{endpoint: 'http://93.184.216.34/v1', model: m}", "starts with https"),
])
def test_wrong_settings_are_told(tmp_path, settings, message):
    study = tmp_path / "study.yaml"
    study.write_text(f"name: x\nfeedback: c.csv\nlabels: {settings}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        load_study(study)


@pytest.mark.parametrize("address", ["http://localhost:8080/v1", "http://[::1]/v1", "http://box.local/v1",
                                     "http://192.168.1.7/v1", "https://llm.example.com/v1"])
def test_an_address_nearby_needs_no_encryption(tmp_path, address):
    study = tmp_path / "study.yaml"
    study.write_text(f"name: x\nfeedback: c.csv\nlabels: {{endpoint: '{address}', model: m}}\n", encoding="utf-8")
    assert load_study(study).labels.endpoint == address


def test_a_name_that_only_the_whole_comment_tells_is_not_sent(server, endpoint):
    comments = pd.DataFrame({"feedback_id": ["a"], "text": ["The bill was wrong.\nBest regards,\nJane Doe"]})
    statements = pd.DataFrame({"statement_id": ["a/0"], "feedback_id": ["a"], "start": [34], "end": [42],
                               "text": ["Jane Doe"], "language": ["en"]})
    terms = pd.DataFrame({"theme_id": [0], "language": ["en"], "rank": [1], "term": ["bill"]})
    assignments = pd.DataFrame({"statement_id": ["a/0"], "strength": [0.5], "theme_id": [0]})
    labels = pd.DataFrame({"theme_id": [0], "language": ["en"], "label": ["own"]})
    propose_labels(terms, statements, assignments, labels, endpoint, ("en",), comments=comments)
    sent = json.dumps(server.asked[0][2], ensure_ascii=False)
    assert "Jane" not in sent
    assert "[name]" in sent


def test_a_study_shows_what_was_proposed_and_keeps_its_own_labels_otherwise(server, make_small_study, tmp_path):
    names = [f"Label {letter * 2}" for letter in "abcdefghijklmno"]
    server.behave = lambda asked: (200, reply({"en": {"label": names[len(server.asked) - 1],
                                                      "summary": "They say so."}, "fa": {}}))
    settings = f"labels: {{endpoint: '{server.address}', model: small, languages: [en, fa]}}\n"
    quick = "quality: {resamples: 0, seeds: 0}\n"
    analysis = analyse(make_small_study(tmp_path / "own", settings + quick), progress=False)
    plain = analyse(make_small_study(tmp_path / "plain", quick), progress=False)
    count = len(analysis.themes) - 1
    assert analysis.themes["label"].tolist()[:count] == names[:count]
    own, before = (table[table["language"] == "fa"]["label"].tolist() for table in (analysis.labels, plain.labels))
    assert own == before
    assert analysis.facts["naming"]["refused"] == {"nonsense": count}
    assert analysis.summaries["summary"].tolist() == ["They say so."] * count
    assert plain.facts["naming"]["asked"] == 0
    assert len(server.asked) == count


def test_a_theme_is_renamed_by_the_name_that_was_proposed_and_stays_renamed(server, make_small_study, tmp_path):
    server.behave = lambda asked: (200, reply({"en": {"label": f"Label {'abcdefghijklmno'[len(server.asked) - 1] * 2}",
                                                      "summary": ""}}))
    settings = (f"labels: {{endpoint: '{server.address}', model: small, languages: [en]}}\n"
                "quality: {resamples: 0, seeds: 0}\ncodebook: codebook.yaml\n")
    study, codebook = make_small_study(tmp_path / "s", settings), tmp_path / "s" / "codebook.yaml"
    codebook.write_text("rules: []\n", encoding="utf-8")
    first = analyse(study, tables=["labels"], progress=False).labels
    wanted = first[(first["language"] == "en") & (first["label"] == "Label bb")]["theme_id"].item()
    for ours in ("Ours", "Ours, too"):
        rule = f"rules:\n  - {{rename: label  BB, label: '{ours}'}}\n"
        codebook.write_text(rule, encoding="utf-8")
        renamed = analyse(study, tables=["labels"], progress=False)
        assert renamed.codebook_report[["theme_id", "status"]].values.tolist() == [[wanted, "applied"]]
        assert set(renamed.labels.loc[renamed.labels["theme_id"] == wanted, "label"]) == {ours}
