"""Hostile feedback through every kind of output, opened in Chromium: nothing runs, with or without the policy."""

import re

import pytest
from test_report_safety import PAYLOADS, page_of

pytestmark = pytest.mark.browser
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
TEASE = """() => {
  for (const part of document.querySelectorAll('main *')) {
    for (const kind of ['mouseover', 'focus', 'toggle', 'load', 'error']) part.dispatchEvent(new Event(kind));
    if (part.tagName === 'A' && !/^(https?:|mailto:|#)/.test(part.getAttribute('href') ?? '#')) part.click();
  }
}"""
MORE = (
    "constructor", "__proto__", "toString", "hasOwnProperty", "=1+1", "\u202eevil\u202c", "\u2066\u2067\u2069",
    "a\x00b", "javascript:window.PWN=1", "%3Cscript%3Ewindow.PWN=1%3C/script%3E",
    "&lt;script&gt;window.PWN=1&lt;/script&gt;",
    "]]><script>window.PWN=1</script>", "\u2028window.PWN=1\u2029",
)


@pytest.mark.parametrize("with_policy", [True, False], ids=["policy", "no policy"])
def test_nothing_runs(open_page, tmp_path, with_policy):
    for number, payload in enumerate(PAYLOADS + MORE):
        html = page_of(payload)
        if not with_policy:
            html, taken = POLICY.subn("", html)
            assert taken == 1
        path = tmp_path / f"{number}.html"
        path.write_text(html, encoding="utf-8", errors="replace")
        page, _, requests = open_page(path)
        page.evaluate(TEASE)
        page.wait_for_timeout(100)
        assert page.evaluate("window.PWN") is None, payload
        assert [url for url in requests if not url.startswith(("data:", path.as_uri()))] == [], payload
        page.context.close()
