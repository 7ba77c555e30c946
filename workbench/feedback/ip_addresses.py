"""Addresses of machines on the internet, version 4 and 6, in a text whose digits were folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Final

Span = tuple[int, int, str]

_PART: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_FOUR: Final = re.compile(rf"(?<![\w.\-])(?<![^/]/){_PART}(?:\.{_PART}){{3}}(?![\w]|[.\-]\w)")
_SIX: Final = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?![\w:]|\.\d)")
_ANNOUNCED: Final = re.compile(
    r"(?i:(?<![a-z])(?:ip|ips|ipv[46]|ip[- ]?adress\w*|adress\w*|direcci[oó]n|endere[cç]o|indirizzo)"
    r"|айпи|[آا][یي][\s\u200c]?پ[یي]|[آاأ][يی][\s\u200c]?ب[يىی]|عنوان)(?![a-z0-9])[^\d\n]{0,24}$")
# numbers of programs are written as addresses are
_VERSION: Final = re.compile(
    r"(?i:(?<![a-z])(?:v|ver|version\w*|versi[oó]n|vers[aã]o|versione|s[uü]r[uü]m\w*|firmware|build|release|update|app"
    r"|ios|android|windows|driver|software|chrome|firefox|dns)(?![a-z])|верси\w*|نسخ[هة]|[إا]صدار|版本|バージョン)[^\d\n]{0,14}$")
# at home, in the machine itself, between neighbours, for many at once (RFC 6890)
_ALIKE: Final = tuple(map(ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
)))
_LONGEST_CUE: Final = 48
_LEAST_DIGITS: Final = 9


def find_ip_addresses(text: str) -> Iterator[Span]:
    """Yield the internet addresses that lead to a connection.

    Those that every home has alike, such as 192.168.1.1 or ::1, tell nothing of anybody and stay. Four small numbers
    may be the version of a program: without a word for an address in front, only nine digits or more count.

    Parameters
    ----------
    text
        A comment whose digits were folded.

    Examples
    --------
    >>> for text in ("my IP is 91.12.44.7, again", "از 185.143.233.120 وصل شدم", "über 2a02:8108::1a2b",
    ...              "app 2.2.44.7"):
    ...     print([text[start:end] for start, end, _ in find_ip_addresses(text)])
    ['91.12.44.7']
    ['185.143.233.120']
    ['2a02:8108::1a2b']
    []
    """
    if text.count(".") >= 3:
        for match in _FOUR.finditer(text):
            if _leads_to_somebody(match.group()) and _is_meant(text, match):
                yield *match.span(), "ip"
    if text.count(":") >= 2:
        for match in _SIX.finditer(text):
            if _leads_to_somebody(match.group()):
                yield *match.span(), "ip"


def _is_meant(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _LONGEST_CUE):match.start()]
    if _ANNOUNCED.search(before):
        return True
    return sum(map(str.isdigit, match.group())) >= _LEAST_DIGITS and not _VERSION.search(before)


def _leads_to_somebody(written: str) -> bool:
    try:
        address = ip_address(written)
    except ValueError:
        return False
    return not any(address in network for network in _ALIKE)
