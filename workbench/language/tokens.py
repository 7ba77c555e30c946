"""Words: cut right in every script, and counted under one key whatever their spelling and form."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import regex

from workbench.arguments import check_text, remembered
from workbench.language.normalise import counting_key, embedding_text
from workbench.language.stems import bare_arabic, stem
from workbench.language.stop_lists import ADDED, KEPT, ROMANISED_ADDED

if TYPE_CHECKING:
    from budoux import Parser

_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[\u200c\u200d'’ʼ＇][\p{L}\p{M}\p{N}]+)*")
_UNSPACED: Final = {
    "zh": re.compile("[\u3400-\u9fff\uf900-\ufaff]"),
    "ja": re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
# what a Japanese phrase ends in: particles, copulas and the endings of verbs, longest first
_JA_ENDING: Final = re.compile(
    "(?:いたしました|いたします|くださいませ|ください|ございました|ございます|てあり|ませんでした|ていました|ています|ていただき|てください|でしょうか|でしたら|ませんか|ました|ません|でした|である|だった|ですが|ですけど|ですので"
    "|ますが|ますので|ですね|ですよ|ます|です|ので|のに|から|まで|より|けど|けれど|など|だけ|しか|では|には|とは|への|での|との|って|という|として"
    "|について|による|により|ている|ていた|ない|した|して|する|され|され?た|させ|れた|られ|たい|ため|こと|もの|よう|ん[でだ]|[がをにはものとでへやかねよなだてたし])+$"
)
# the model leaves conjunctions on the word before them
_ZH_JOINS: Final = re.compile("((?<!不)但是?|可是|而且|因为|所以|然后|虽然|(?<!只)不过)")
_HIRAGANA_TAIL: Final = re.compile("(?<=[\u30a0-\u30ff\u3400-\u9fff\uf900-\ufaff])[\u3041-\u309f]+$")
_ELISION: Final = re.compile(
    r"^(?:[ldjnscmt]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest|quell)['’](?=\w)", re.IGNORECASE
)
_AFTER_APOSTROPHE: Final = re.compile(r"(?<=\w{2})(?<!n)['’]\w{1,5}$|(?<=\w{2}n)['’](?!t$)\w{1,5}$")
_ENDING_AFTER_APOSTROPHE: Final = frozenset({"tr", "en"})
# one word in two pieces, of which one by itself would say something else or nothing
_COMPOUNDS: Final = {
    "ar": re.compile(r"(?<=واي)\s(?=فاي)"),
    "fa": re.compile(
        r"(?<=\bفوق)\s(?=العاده)|(?<=\bسیب)\s(?=زم[یي]ن)|(?<=\bبسته)\s(?=بند)|(?<=\bنرم)\s(?=افزار)"
        r"|(?<=\bسوپر)\s(?=مارکت)|(?<=\bفست)\s(?=فود)|(?<=\bهات)\s(?=داگ)|(?<=\bدرد)\s(?=نکن)"
        r"|(?<=\bخوش)\s(?=(?:مزه|طعم|اخلاق|برخورد|قول))|(?<=\bپیش)\s(?=(?:پرداخت|فرض))"
        r"|(?<=\bبی)\s(?=(?:[کك][یي]ف[یي]ت|نظ[یي]ر|ادب|احترامی|مزه|ارزش|نظمی|توجهی)\b)"
    ),
}
_WRITTEN_TOGETHER: Final = frozenset({"ar", "fa"})
_TANWEEN: Final = re.compile("ا\u064b$|\u064bا$")
_SHORTEST_WITH_TANWEEN: Final = 3
_AR_AND: Final = re.compile("^و(?=..)")
_ELIDING: Final = frozenset({"fr", "it"})
_MOST_KNOWN: Final = 100_000  # tokens of a language
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# single Han letters that say something by themselves
_TELLING_LETTERS: Final = frozenset("慢快贵貴差好坏壞烂爛热熱冷卡吵脏髒旧舊新满滿美棒牛赞讚难難久远遠")


@cache
def _parser(language: str) -> Parser:
    import budoux

    if language == "ja":
        return budoux.load_default_japanese_parser()
    if language == "th":
        return budoux.load_default_thai_parser()
    return budoux.load_default_simplified_chinese_parser()


@lru_cache(maxsize=50_000)
def _cut_unspaced(run: str, language: str) -> tuple[str, ...]:
    pieces = _parser(language).parse(run)
    if language == "zh":
        pieces = [part for piece in pieces for part in _ZH_JOINS.split(piece) if part]
    return tuple(_trim_japanese(piece) for piece in pieces) if language == "ja" else tuple(pieces)


def _trim_japanese(piece: str) -> str:
    trimmed = _JA_ENDING.sub("", piece)
    return trimmed if len(trimmed) > 1 or _HAN.search(trimmed) else piece


def tokenise(text: str, language: str) -> list[str]:
    """Return the words of a text, as they were written.

    Letters, marks and digits of all scripts hold together, across the Persian joiner and the apostrophe. Chinese,
    Japanese and Thai, which put no spaces between words, are cut by the models of budoux; Japanese phrases then lose
    the particles and endings that they close with.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1.

    Returns
    -------
    list[str]
        The words, in order, without punctuation and emoji.

    Examples
    --------
    >>> tokenise("l'app n'est pas à jour", "fr"), tokenise("سفارش‌هایم نمی‌رسد", "fa"), tokenise("配達が遅い", "ja")
    (["l'app", "n'est", 'pas', 'à', 'jour'], ['سفارش\u200cهایم', 'نمی\u200cرسد'], ['配達', '遅い'])
    """
    check_text("text", text)
    check_text("language", language)
    words = _WORD.findall(text)
    unspaced = _UNSPACED.get(language)
    if unspaced is None:
        return words
    return [piece for word in words
            for piece in (_cut_unspaced(word, language) if unspaced.search(word) else (word,)) if piece]


@remembered(None)
def stop_words(language: str) -> frozenset[str]:
    """Return the words that are not counted in a language, as counting keys.

    The list of stopwords-iso, without the words that feedback is about ("bill", "خدمات", "attente"), and with
    dialects, colloquial and romanised forms, greetings, thanks, and words of time.

    Parameters
    ----------
    language
        ISO 639-1.

    Returns
    -------
    frozenset[str]
        Empty for a language without a list.

    Examples
    --------
    >>> "the" in stop_words("en"), "bill" in stop_words("en"), "عشان" in stop_words("ar"), stop_words("xx")
    (True, False, True, frozenset())
    """
    from stopwordsiso import stopwords

    check_text("language", language)
    general = {counting_key(word, language) for word in stopwords(language)}
    kept = {counting_key(word, language) for word in KEPT.get(language, "").split()}
    own = (ADDED.get(language, "") + " " + ROMANISED_ADDED.get(language, "")).split()
    return frozenset((general - kept) | {counting_key(word, language) for word in own}) - {""}


def count_terms(text: str, language: str, *, stop_words: frozenset[str] | None = None) -> list[tuple[str, str]]:
    """Return the content words of a text: the key that each is counted under, and the word to show.

    Parameters
    ----------
    text
        A statement.
    language
        ISO 639-1.
    stop_words
        Counting keys to leave out, instead of ``stop_words(language)``.

    Returns
    -------
    list[tuple[str, str]]
        ``(key, surface)`` in order. Stop words, single letters, numbers, addresses and handles are left out.

    Examples
    --------
    >>> count_terms("Die Rechnungen waren falsch", "de"), count_terms("والتوصيل تأخر", "ar")
    ([('rechnung', 'Rechnungen'), ('falsch', 'falsch')], [('توصيل', 'التوصيل'), ('تاخر', 'تأخر')])
    >>> [key for key, _ in count_terms("سفارش‌هام هنوز نرسیده", "fa")]
    ['سفارش', 'رسیدن']
    """
    check_text("text", text)
    check_text("language", language)
    known = _terms(language, _default_stop_words(language) if stop_words is None else stop_words)
    said = embedding_text(text)
    if compound := _COMPOUNDS.get(language):
        said = compound.sub("\u200c", said)
    return [term for token in tokenise(said, language) if (term := known[token])]


_default_stop_words: Final = stop_words


class _Terms(dict[str, tuple[str, str] | None]):
    """The term of every token that was met, its key and what to show of it; nothing for what is left out."""

    def __init__(self, language: str, left_out: frozenset[str]) -> None:
        self._language, self._left_out = language, left_out

    def __missing__(self, token: str) -> tuple[str, str] | None:
        if len(self) > _MOST_KNOWN:
            self.clear()
        self[token] = term = self._read(token)
        return term

    def _read(self, token: str) -> tuple[str, str] | None:
        surface = _surface(token, self._language)
        word = _unstretched(counting_key(surface, self._language))
        if not _says_something(word) or _as_stop_word(token, surface, word, self._language) in self._left_out:
            return None
        key = _key(surface, word, self._language)
        if not key or (self._language in _WRITTEN_TOGETHER and key in self._left_out):
            return None
        return key, surface


@lru_cache(maxsize=64)  # each language with its own stop words, and with those that a glossary leaves
def _terms(language: str, left_out: frozenset[str]) -> _Terms:
    return _Terms(language, left_out)


def _unstretched(word: str) -> str:
    return _STRETCHED.sub(r"\1", word) if _STRETCHED.search(word) else word


def _as_stop_word(token: str, surface: str, word: str, language: str) -> str:
    """Return the form of a word that a stop list knows, if there is one: whole, or without a particle before it."""
    whole = word if token == surface else _unstretched(counting_key(token, language))
    known = _default_stop_words(language)
    bare = _AR_AND.sub("", whole) if language == "ar" else whole
    return whole if whole in known else bare if bare in known else word


def _surface(token: str, language: str) -> str:
    if language in _ELIDING:
        return _ELISION.sub("", token)
    if language == "ar":
        return bare_arabic(token)
    return _AFTER_APOSTROPHE.sub("", token) if language in _ENDING_AFTER_APOSTROPHE else token


def _says_something(word: str) -> bool:
    letters = len(word) if word.isalpha() else sum(map(str.isalpha, word))
    return letters > 1 or word in _TELLING_LETTERS


def _key(surface: str, word: str, language: str) -> str:
    if language == "fa" and "\u200c" in surface:
        word = "\u200c".join(counting_key(piece, language) for piece in surface.split("\u200c"))
    if language == "ar" and len(word) > _SHORTEST_WITH_TANWEEN and _TANWEEN.search(surface):
        word = word[:-1]
    if language == "ja":
        return _HIRAGANA_TAIL.sub("", word)
    return stem(word, language)
