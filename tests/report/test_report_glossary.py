"""The report warns of mistranslated terms, in every language that it is written in."""

import pytest

from workbench.report.messages import available_languages, load_messages
from workbench.report.sections.method import _mistranslated

FOUND = [{"concept": "voc", "language": "ar", "term": "المركبات العضوية المتطايرة", "comments": 3},
         {"concept": "voc", "language": "fa", "term": "ترکیبات آلی فرار", "comments": 1}]


@pytest.mark.parametrize("language", available_languages())
def test_known_mistranslations_are_warned_of_with_their_count(language):
    messages = load_messages(language)
    (line,) = _mistranslated(FOUND, messages)
    assert all(each["term"] in line for each in FOUND)
    assert messages.number(4) in line


def test_without_any_there_is_no_line():
    assert _mistranslated([], load_messages("en")) == []
