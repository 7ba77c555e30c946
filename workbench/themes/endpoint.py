"""Labels from a language model behind any address that speaks OpenAI's protocol: off unless a study asks for it.

Nothing leaves but redacted text. What comes back is stored, so that the same question is never asked twice, and no
answer is believed: `workbench.themes.proposals` checks every one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

MOST_BYTES = 200_000
_CHUNK = 16_384
_LOCAL = ("localhost", "127.0.0.1", "::1")


class EndpointError(Exception):
    """An answer did not come; ``reason`` is a fixed word: timeout, unreachable, failed, no_key, nonsense or
    personal_data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and where answers are kept.

    Attributes
    ----------
    address
        Such as ``http://localhost:8080/v1``; ``/chat/completions`` is added.
    model
        The model's name there.
    replies
        Folder of stored answers.
    key_env
        The environment variable with the key, which is sent and neither stored nor told.
    timeout
        Seconds for a whole answer.
    attempt
        A stored answer that was refused, or a failure, is asked for again if this is greater than when it came.
    """

    address: str
    model: str
    replies: Path
    key_env: str | None = None
    timeout: float = 30.0
    attempt: int = 1

    def ask(self, messages: list[dict[str, str]]) -> tuple[str, bool]:
        """Return the answer to a question, and whether it was stored already.

        Raises
        ------
        EndpointError
            If there is none; the failure is stored as well, so that a rerun gives the same report.
        """
        path = self.replies / f"{self._digest(messages)}.json"
        stored = _read(path)
        if stored is not None and (stored.get("accepted") or stored.get("attempt") == self.attempt):
            if stored.get("failed"):
                raise EndpointError(str(stored["failed"]))
            return str(stored["content"]), True
        try:
            content = self._fetch(messages)
        except EndpointError as error:
            _write(path, {"attempt": self.attempt, "failed": error.reason})
            raise
        _write(path, {"attempt": self.attempt, "content": content})
        return content, False

    def accept(self, messages: list[dict[str, str]]) -> None:
        """Note that the stored answer passed every check, so that a greater attempt does not ask for it again."""
        path = self.replies / f"{self._digest(messages)}.json"
        stored = _read(path)
        if stored is not None and not stored.get("accepted"):
            _write(path, {**stored, "accepted": True})

    def refuse(self, messages: list[dict[str, str]], reason: str) -> None:
        """Keep of the stored answer nothing but the reason: asked again, it has failed for that."""
        _write(self.replies / f"{self._digest(messages)}.json", {"attempt": self.attempt, "failed": reason})

    def _digest(self, messages: list[dict[str, str]]) -> str:
        text = json.dumps([self.address, self.model, messages], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _fetch(self, messages: list[dict[str, str]]) -> str:
        body = {"model": self.model, "messages": messages, "temperature": 0, "seed": 0,
                "response_format": {"type": "json_object"}}
        headers = {"Content-Type": "application/json"}
        if self.key_env is not None:
            key = os.environ.get(self.key_env, "").strip()
            if not key or not key.isprintable() or not key.isascii():
                raise EndpointError("no_key")
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(  # noqa: S310  # the study's settings allow http and https alone
            self.address.rstrip("/") + "/chat/completions", headers=headers, method="POST",
            data=json.dumps(body).encode("utf-8"))
        return _content_of(self._read_answer(request))

    def _read_answer(self, request: urllib.request.Request) -> bytes:
        deadline = time.monotonic() + self.timeout
        try:
            with _opener(self.address).open(request, timeout=self.timeout) as answer:
                return _read_until(answer, deadline)
        except TimeoutError:
            raise EndpointError("timeout") from None
        except urllib.error.HTTPError as error:
            error.close()
            raise EndpointError("failed") from None
        except urllib.error.URLError as error:
            timed_out = isinstance(error.reason, TimeoutError)
            raise EndpointError("timeout" if timed_out else "unreachable") from None
        except (OSError, ValueError):
            raise EndpointError("unreachable") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer from elsewhere is none: the key and the text are for the address in the study."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener(address: str) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if urlsplit(address).hostname in _LOCAL:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _read_until(answer: IO[bytes], deadline: float) -> bytes:
    """Return the body; a server that drips it slowly is as late as one that does not answer."""
    read1 = getattr(answer, "read1", answer.read)
    parts, size = [], 0
    while chunk := read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise EndpointError("nonsense")
        if time.monotonic() > deadline:
            raise EndpointError("timeout")
    return b"".join(parts)


def _content_of(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise EndpointError("nonsense") from None
    if not isinstance(content, str):
        raise EndpointError("nonsense")
    return content


def _read(path: Path) -> dict[str, Any] | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) and ("content" in stored or "failed" in stored) else None


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)
