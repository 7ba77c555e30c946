"""Comments -> statements: one comment often says several things, and each is found, themed and mapped by itself."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from workbench.columns import COMMENTS, STATEMENTS, UNDETERMINED, check_table
from workbench.columns import names as column_names
from workbench.errors import InputError
from workbench.language.boundaries import statement_spans
from workbench.language.identify import LANGUAGES, Answer, identify_languages
from workbench.language.script import direction_of, script_of, strip_controls

UNITS: Final = ("statement", "comment")

_CODE: Final = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\s*\Z")
_NO_LANGUAGE: Final = frozenset({UNDETERMINED, "zxx", "mul", "mis", "nan", "na"})
# the three letters of ISO 639-2 and 639-3, and older codes, for those of ISO 639-1
_SHORTER: Final = {
    "eng": "en", "ara": "ar", "arb": "ar", "fas": "fa", "per": "fa", "pes": "fa", "prs": "fa", "deu": "de", "ger": "de",
    "fra": "fr", "fre": "fr", "spa": "es", "tur": "tr", "por": "pt", "ita": "it", "nld": "nl", "dut": "nl", "rus": "ru",
    "zho": "zh", "chi": "zh", "cmn": "zh", "jpn": "ja", "hin": "hi", "urd": "ur", "kor": "ko", "heb": "he", "iw": "he",
}
_LETTER: Final = re.compile(r"[^\W\d_]")
_CONFIDENT: Final = 0.9
_CONFIDENT_WHEN_SHORT: Final = 0.97
_SHORT: Final = 25


def split_statements(comments: pd.DataFrame, *, unit: str = "statement") -> pd.DataFrame:
    """Return the statements of every comment, with their place in it, language and direction.

    A statement ends at a sentence mark of any script, a line end, a list item, a run of emoji, or a connective that
    turns the comment round ("but", "ولی", "لكن", "但是"), the latter three only where both sides say something;
    never inside a number, an abbreviation, an address, a quotation or brackets. Statements keep every character
    that they were written with.

    A language that a comment states holds for its statements unless one of them is confidently in another; a
    statement that is too short to tell takes the language of its comment.

    Parameters
    ----------
    comments
        ``feedback_id`` (unique), ``text`` and, if the source states it, ``language``.
    unit
        ``"statement"``, or ``"comment"`` for one statement a comment.

    Returns
    -------
    pandas.DataFrame
        The columns of ``columns.STATEMENTS`` and ``romanised``, one row a statement, in the order of the comments.
        Blank comments have none. ``attrs["language_disagreements"]`` counts the statements that are in another
        language than their comment states.

    Raises
    ------
    InputError
        If a column is missing, if `unit` is another word, or if a feedback_id occurs twice.

    Examples
    --------
    >>> comments = pd.DataFrame({"feedback_id": ["a", "b", "c"], "text": [
    ...     "Late again, but the courier was kind.", "سرعت خوبه ولی پشتیبانی جواب نمیده", "العرض ممتاز. التركيب تأخر"]})
    >>> statements = split_statements(comments)[["statement_id", "start", "end", "language", "direction"]]
    >>> for row in statements.values.tolist():
    ...     print(*row)
    a/0 0 11 en ltr
    a/1 12 37 en ltr
    b/0 0 9 fa rtl
    b/1 10 33 fa rtl
    c/0 0 12 ar rtl
    c/1 13 25 ar rtl
    """
    _check(comments, unit)
    texts = [text if isinstance(text, str) else "" for text in comments["text"]]
    answers = identify_languages(texts)
    stated = stated_languages(comments)
    spans = _spans(texts, stated, answers, unit)
    statements = _cut(list(comments["feedback_id"]), texts, spans)
    return _with_language(statements, texts, stated, answers)


def _check(comments: pd.DataFrame, unit: str) -> None:
    if unit not in UNITS:
        raise InputError(f"unit must be 'statement' or 'comment', not {unit!r}.")
    check_table(comments, COMMENTS, "comments")
    twice = int(comments["feedback_id"].duplicated().sum())
    if twice:
        raise InputError(f"feedback_id must be unique; {twice} rows repeat an earlier one: drop or renumber them.")


def stated_languages(comments: pd.DataFrame) -> list[str]:
    """Return the ISO code that each comment states, '' where it states none that can be one."""
    if "language" not in comments.columns:
        return [""] * len(comments)
    codes = {value: _code(value) for value in comments["language"].unique()}
    return [codes.get(value, "") for value in comments["language"]]


def _code(value: object) -> str:
    match = _CODE.match(value) if isinstance(value, str) else None
    code = match[1].lower() if match else ""
    return "" if code in _NO_LANGUAGE else _SHORTER.get(code, code)


def _spans(texts: list[str], stated: list[str], answers: pd.DataFrame, unit: str) -> list[list[tuple[int, int]]]:
    languages = [said or found for said, found in zip(stated, answers["language"], strict=True)]
    return [
        [] if not text.strip() or not strip_controls(text).strip(" \t\n\r\u200c\u200d")
        else statement_spans(text, language, bool(romanised)) if unit == "statement"
        else [(len(text) - len(text.lstrip()), len(text.rstrip()))]
        for text, language, romanised in zip(texts, languages, answers["romanised"], strict=True)
    ]


def _cut(feedback_ids: list[object], texts: list[str], spans: list[list[tuple[int, int]]]) -> pd.DataFrame:
    rows = [
        (f"{feedback_id}/{number}", feedback_id, start, end, text[start:end], position)
        for position, (feedback_id, text, parts) in enumerate(zip(feedback_ids, texts, spans, strict=True))
        for number, (start, end) in enumerate(parts)
    ]
    table = pd.DataFrame(rows, columns=["statement_id", "feedback_id", "start", "end", "text", "comment"])
    return table.astype({"statement_id": "str", "feedback_id": "str", "start": "int64", "end": "int64", "text": "str",
                         "comment": "int64"})


def _with_language(statements: pd.DataFrame, texts: list[str], stated: list[str],
                   answers: pd.DataFrame) -> pd.DataFrame:
    """Return `statements` with what is known of each one's language, script and direction."""
    words = list(statements["text"])
    of_comment = list(answers.itertuples(index=False, name=None))
    own = _own_answers(words, texts, of_comment)
    scripts = [script_of(text) for text in words]
    comment_scripts = [script_of(text) for text in texts]
    disagreements, chosen = 0, []
    for text, script, place, mine in zip(words, scripts, statements["comment"], own, strict=True):
        alike = script == comment_scripts[place] or script == "Zyyy"
        answer = _settle(text, mine, of_comment[place] if alike else mine)
        said = stated[place]
        if said and _outweighs(said, text, answer):
            disagreements += 1
        elif said:
            answer = (said, 1.0, answer[2] and said == answer[0])
        chosen.append(answer)
    table = statements.assign(
        language=pd.Series([row[0] for row in chosen], dtype="str"),
        language_confidence=pd.Series([row[1] for row in chosen], dtype="float64"),
        direction=pd.Series([direction_of(text) for text in words], dtype="str"),
        script=pd.Series(scripts, dtype="str"),
        romanised=pd.Series([row[2] for row in chosen], dtype="bool"),
    )[[*column_names(STATEMENTS), "romanised"]]
    check_table(table, STATEMENTS, "statements")
    table.attrs["language_disagreements"] = disagreements
    return table


def _own_answers(words: list[str], texts: list[str], of_comment: list[Answer]) -> list[Answer]:
    """Return the answer for every statement, asking only for those that are not a whole comment."""
    known = dict(zip(texts, of_comment, strict=True))
    parts = [text for text in dict.fromkeys(words) if text not in known]
    known.update(zip(parts, identify_languages(parts).itertuples(index=False, name=None), strict=True))
    return [known[text] for text in words]


def _settle(text: str, mine: Answer, of_comment: Answer) -> Answer:
    """Return the statement's own answer if it is sure enough, and else its comment's."""
    if of_comment[0] == mine[0] or mine[1] > of_comment[1]:
        return mine if of_comment[0] != mine[0] or mine[1] >= of_comment[1] else of_comment
    return mine if mine[1] >= _enough(text) else of_comment


def _enough(text: str) -> float:
    return _CONFIDENT_WHEN_SHORT if len(_LETTER.findall(text)) < _SHORT else _CONFIDENT


def _outweighs(said: str, text: str, answer: Answer) -> bool:
    """Return whether what was found is surer than what was stated; of languages that are not ours we know nothing."""
    language, confidence, _ = answer
    return said in LANGUAGES and language not in {UNDETERMINED, said} and confidence >= _enough(text)
