"""Names by which people are found in messengers, as far as the messenger's name stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.feedback.letters import INVISIBLE, one_case, one_keyboard

Span = tuple[int, int, str]

_LATIN: Final = (
    "we ?chat|weixin|telegram+|skype|snap(?:chat)?|insta(?:gram)?|kakao ?talk|discord|viber|tiktok|eitaa|rubika"
)
_SHORT: Final = "line|wx|tg|ig|vx"  # words of their own, too: a word for a name or a sign stands behind them
_OTHER: Final = (
    "微信|薇信|威信|电报|ライン|カカオ(?:トーク)?|インスタ|टेलीग्राम|इंस्टाग्राम|телеграм+а?е?|телега|скайп|вайбер|инстаграм+"
    "|تلگرامم?|تلغرام|تلجرام|تليجرام|تيلي[جغ]رام|اینستاگرامم?|[اإ]?نست[اغ]?[قغ]?رام|انستا|سناب(?: ?شات)?|روبیکا|اسکایپ"
    "|سكايب|(?<![\u0620-\u06d3])(?:لاین|ایتا)"  # not the end of "online"
)
_ACCOUNT: Final = (
    "id|account|user(?:name)?|user name|handle|nick(?:name)?|konto|name|nutzername|usuario|utente|identifiant|pseudo"
    "|kullanıcı adı|hesabım|号码?|號|账号|帐号|用户名|アカウント|アイディー|आईडी"
    "|ник|айди|аккаунт|логин|آی[\u200c ]?دی|ایدی|معرفي?|حسابي?|یوزر"
)
_IS: Final = "[:：=]|(?:is|ist|es|est|è|هو|است|是|は|है)(?![a-z])"
_BETWEEN: Final = rf"[ \u200c{INVISIBLE}]{{0,2}}"
_KEY: Final = (
    rf"(?:(?<![a-z0-9@._/\-])(?:{_LATIN}|(?P<short>{_SHORT}))(?![a-z])|(?P<other>{one_keyboard(_OTHER)}))"
)
_TOLD: Final = re.compile(
    rf"{_KEY}{_BETWEEN}(?P<account>(?:{one_keyboard(_ACCOUNT)})(?![a-z]))?{_BETWEEN}(?P<is>{one_keyboard(_IS)})?"
    rf"{_BETWEEN}(?P<value>(?:@ ?|live:)[a-z0-9_][a-z0-9_.\-]{{0,31}}|[a-z0-9_][a-z0-9_.\-]{{3,31}})(?![a-z0-9_@])"
)
_MADE_UP: Final = re.compile(r"(?=[a-z_.\-]*[a-z])(?=.*[0-9_])")  # letters, and a figure or a low line: no word
_A_VERSION: Final = re.compile(
    r"v?\d[\d.]*[a-z]{0,4}|(?:[a-z]{1,2}|ios|iphone|android|windows|galaxy|ipad|covid-?)\d{1,2}[a-z]?"
)


def find_messenger_names(text: str) -> Iterator[Span]:
    """Yield what stands behind the name of a messenger and is a name there.

    It begins with ``@``; or it holds a figure or a low line; or it follows a colon or a word for an account in a
    sentence that is not in Latin letters, where a word in them is a name.

    Parameters
    ----------
    text
        A comment whose digits were folded.

    Examples
    --------
    >>> for text in ("微信: abc123", "my Telegram id is jane_doe", "آیدی تلگرام: alireza است"):
    ...     print([text[start:end] for start, end, _ in find_messenger_names(text)])
    ['abc123']
    ['jane_doe']
    ['alireza']
    >>> list(find_messenger_names("Telegram: never answers, line 12a was late, 微信 pay 很好"))
    []
    """
    for match in _TOLD.finditer(one_case(text)):
        value = match["value"].rstrip(".-")
        start = match.start("value")
        if value.startswith(("@", "live:")):
            is_name = True
        elif _A_VERSION.fullmatch(value):
            is_name = False
        elif match["short"]:
            is_name = bool((match["account"] or (match["is"] and match["short"] != "line")) and _MADE_UP.match(value))
        else:
            is_foreign = match["other"] and (match["is"] or match["account"]) and len(value) > 4
            is_name = bool(_MADE_UP.match(value) or is_foreign)
        if is_name:
            yield start, start + len(value), "handle"
