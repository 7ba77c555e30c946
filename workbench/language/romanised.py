"""Arabic, Persian and Hindi in Latin letters: "el net ba2alo 3 ayam", "salam net ma ghate", "net nahi chal raha hai".

No language detector knows them; each of them gets called some European language. They are told by digits inside
words that stand for letters, by their commonest words, and by how few common words of other languages they hold.
"""

from __future__ import annotations

import re
from functools import cache
from math import fsum
from typing import Final

_TOKEN: Final = re.compile(r"[^\W\d_]*\d?[^\W_]+(?:['’][^\W_]+)*", re.IGNORECASE)
_ASCII_WORD: Final = re.compile(r"[a-z0-9'’]+\Z")
_LONG_VOWEL: Final = re.compile(r"([a-z])\1{2,}")

_WORDS: Final[dict[str, dict[float, str]]] = {
    "ar": {
        1.0: """
        keda kda kidda mesh mish msh mafish mafeesh mafesh mfish mfesh ba2a tab3an 3ashan 3shan lessa lesa awy
        awi gedan giddan gdan jiddan jidan jdn shukran shokran shwaya shwayya shway kteer ktir kter ketir kwayes
        kwayyes kwayesa kwayis kuwayes ezay ezzay ezzai elly elli illi lazem lazim momken mumkin khalas khalaas
        mnih mniha mnee7 mazboot mazbout mazbut hadha hatha haza hadhihi hathihi alladhi allathi allathy allati
        allaty laqad mabi abgha abghi abi3 delwa2ty dlwa2ty bgad begad bgd kollo kolo kolaha kolhom mafi mafee
        maafi 7aga wallahi wallah wallahy yaani zayy msta7el almoshkela elmoshkela almushkila elkhedma elkhidma
        alkhidma elnet ennet elnetwork elbox elapp estanet estannet ghalya ghaly ghali rakhis kwys kowayes tamam
    """,
        0.6: """
        ana enta inta enti inti ento intu howa huwa howwa heya hiya heyya ehna nehna kull kol kul youm yoom ayam
        ayyam tayeb tayyeb tayib yalla inshallah inshalla walla wala laken lakin leh leih feen fein wayn wein
        weyn shou hayda haida hayde kanat kana kaman badna baddi biddi bidi hek heik halla2 halla hala2 abl gher
        gheir ghair mandob mandoob mndoob wasal wesel wasalni tarkeeb tarkib mashkoor mashkoora bardo bardo
        kaman mabrook mabruk zeyada gdeed gdeeda jdeed jdeede ydeed as3ar konna sarlna kel kell mrra asboo3
        shahr shahar ramadan ghalat mazbout awel awwal akher akhir ashtery ashtri aktar akthar tasleem jehaz
        jihaz raja3t badna yrod yerod arabi masri lilasaf lel2asaf yegy beyegy yigi rakkeb rakkab helw helwe
        hilw hilwa basit baseet abadan wahed wa7ed tany tani kamel gamed gameel shoghl khedma khidma mowazaf
        mozaf moshkela mushkila mowasalat sora3 bete3 mara marra fatoora fatora fatura habibi habibti akhi ya5i
        law lama lamma baad qabl ba3d ghair ghayr dhalik mithl thumma hatta fawq taht khilal
    """,
        0.3: """
        el al il fi fe fil fy men mn min w wa we b ya bel fel wel lel mel bas bs da di dah deh la lw wsh
        shu sho mo mu mub ela ila
        3ala kan zay hay dol bi li an anna inna fa
    """,
    },
    "fa": {
        1.0: """
        kheili kheyli khayli kheylii khoobe khube khoub khoob khub mamnoon mamnun mamnoonam mamnunam nist shode
        nashod nashode beshe nashe mishe mishan nemishe nmishe mishavad kardam kardan kardin kardid kardand
        mikone mikonam mikonan mikonid mikonin nemikone nemikonan nemikonam konam konid konin konan nakonid
        nakonin nadare nadaram nadarid nadarin nadarand ghate ghat shoma chera baraye baraie hamash hamishe
        hameye emrooz emruz emrouz dirooz diruz hanooz hanuz hanouz faghat poshtibani poshtibany lotfan tashakor
        tashakkor moshkel moshkele moshkelo moshkelat gheymat gheimat gheymatesh kharab kharabe vaghean vaghan
        hichi hichkas hichkodoom ferestad ferestadam ferestadan befrestid nemidoonam nemidunam nemidonam mikham
        mikhastam mikhain nemikham mikhaid khahesh khaheshan javab javabe pasokh eynternet interneteton
        internetetun sefaresh sefaresham avaz taviz khosham naraziam razi raziam naomid hesab ghabz ghabze
        ghabzam ghest gharardad bastam bastim barnamatoon barnamatun shomare tamas mosahteram mohtaram bargasht
        keyfiat keifiat dorost doros mamnoonim migam migan mige migoft goftan goftam goftand nemigan ghashang
        aliye aaliye awliye bayad nabayad
    """,
        0.6: """
        salam bood bud nabood boodam boodan boodand daram darid darin darand vali valy vase hame dige digeh
        digar damet dametun dametoon damesh garm nasab nasb vasl khodam khodet khodesh khodetun khodeshun babam
        mardom mardome khune khoone khiaboon hamsaye hajm chizi chish kasi hamin hamun hamoon ina unam raftan
        raftam rafte shab sobh farda inja unja koja kojast bebinam chon vagarna behtar behtare zud zudtar zood
        zoodtar sholegh shologh ghati tamum tamoom afarin ajab eshgh eshghe daghighe mohem etesal shabake
        khamoosh roshan konde tond peyk peyke baste rannande sherkat sherkate eshtebah eshtebahe barname kharid
        kharidam gerun geroon gerune arzun pulam bache bacheha madaram akhe akhar enghad cheghad chetor chetori
        khedmat khedmati javabgoo moshtari moshtaria saate mahe rooze dg dge hamsayeha bastan bastam amoozesh
        zang budan budam budin miumad mikard mikardan khode jodi mibaram namayandegi ghardad vade vaghe mesle
        tabestun bia biad nabashe nashode amadan umadan umadand vaght vaghti salame khob khoshhal khoshhalam
        rooz ruz rooze roozeh hafte zadam zadan zad mizanam bezanid bezanam sorat soratesh soraat ziad ziyad
        aslan oon yek hich khaste khasteh resid reside naresid residan goft shayad ghabl khanom khanoom bashe
        basheh bashid hastam hastim hastid hastand agha lazeme chand chandin kard karde karde kone shod shodam
        migiram gereftam gerefte gerefti dadam dadan dadid bede bedid midan mide nemide nemidan amad umad oomad
        omad miad miyad raft raftam harf harfe hesabi telefonam sa'at
    """,
        0.3: """
        az ro ra ye in un ke che chi ba ta ham har ama amma va bad badi kam saat mah saal sal ast kar kare kari
        baraam ma man to ino ono ina mersi merci dare hast bara k o e tu ru dar age hal baz dir ta kamtar kolan
    """,
    },
    "hi": {
        1.0: """
        hai hain nahi nahin nhi kya kyun kyon kaise mera meri mere mujhe humko hamara hamare aapka aapki aapke raha rahi
        rahe gaya gayi gaye bahut bohot bahot accha acha achha theek thik paisa paise abhi ghante mahina mahine hua hui
        hota hoti bolta bolti bole liya diya lagao batao pehle kuch koi lekin magar sirf matlab kaam baat ghar jaldi
        phir
        wala wali wale karo karna karke karta karte yaar bhai bhaiya didi sahab ekdum bekar bakwas kharab dikkat chahiye
        hoon hun dekho dekha kitna kitni itna itni unka unke inka inke
    """,
        0.6: """
        aur bhi toh tha thi kab din dekh chal samay baad sab hum aap mast agar pata khud ladke kal aaj roz jab tab yeh
        woh
    """,
        0.3: "ka ki ke ko se hi ho kar me mein par tum bola na ab",
    },
}
# an inner digit stands for a letter in Arabizi; these are the words of other trades and times that have one too
_OTHER_DIGIT_WORDS: Final = re.compile(
    r"(?:\d+(?:g|k|m|x|h|d|p|s|t|w|v|a|c|e|b|u|y|l|st|nd|rd|th|er|re|de|eme|nde|ste|ten|ter|[kmgt]b(?:ps|it|its)?|"
    r"[kmg]hz|kg|km|cm|mm|ml|gr|min|mins|mn|sec|secs|sek|hr|hrs|am|pm|pcs?|px|dpi|fps|ch|bit|way|star|stars|days?|"
    r"weeks?|months?|years?|yrs?|hours?|times?|uhr|std|tage|jours?|mois|ans?|heures?|hs|horas?|dias?|anni|ore|giorni|"
    r"saat|gun|ay|yil|tl|eur|euros?|usd|dollars?|fa|nite|day|morrow|pin|in1|th?g|ever|u|r|be|gether|much|many|pack)"
    r"|[a-z]\d[a-z]|mp\d|co2|h2o|[a-z]+\d+|w?8|gr8.*|l8r|b4.*|some1|any1|every1s?|no1|h8.*|cat\d[ae]|[a-z]{1,3}\d{2,}[a-z]*|"
    r"\d{2,}.*|\w*\d\w*\d+|\w*[a-z]\d[a-z]\d\w*|0x\w+|iphone\d*\w*|i18n|k8s|w3c|web3|html5)\Z"
)
_INNER_DIGIT: Final = re.compile(r"[a-z]+[235679][a-z]|[235679]'?[a-z]{2}")
_FINAL_DIGIT: Final = re.compile(r"[a-z]{3,}[2357]\Z")
_PERSIAN_VERB: Final = re.compile(r"n?e?mi(?:[a-z]{2,}(?:am|im|id|in|an|and|eh))\Z")
_ARABIC_SHAPE: Final = re.compile(r"ma[a-z]{4,}sh\Z|b[ey]{2}[a-z]{4,}\Z|(?:el|il)[a-z]{4,}\Z")
_THROAT_SOUND: Final = re.compile(r"(?:kh|gh)[aeiou]")
_OTHER_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "tr", "id")

_LONGEST: Final = 40  # letters; what is longer is no word
_NOTHING: Final = (0.0, 0.0, 0.0)
_ENOUGH: Final = 1.0
_ENOUGH_A_WORD: Final = 0.15
_AGAINST: Final = 0.4


@cache
def _weights(language: str) -> dict[str, float]:
    return {word: weight for weight, words in sorted(_WORDS[language].items()) for word in words.split()}


@cache
def _common_elsewhere() -> frozenset[str]:
    """Return the common words of European languages and Indonesian that are not telling words of ours."""
    from stopwordsiso import stopwords

    ours = {word for language in _WORDS for word, weight in _weights(language).items() if weight > 0.0}
    return frozenset(word for language in _OTHER_LANGUAGES for word in stopwords(language)) - ours


@cache
def _word_weights(word: str) -> tuple[float, float, float, float]:
    """Return what one word says for Arabic, for Persian, for Hindi, and for some other language."""
    word = _LONG_VOWEL.sub(r"\1", word.replace("’", "'"))
    arabic, persian, hindi = (_weights(language).get(word, 0.0) for language in _WORDS)
    if not _ASCII_WORD.match(word):
        return 0.0, 0.0, 0.0, 1.0
    if any(map(str.isdigit, word)):
        if _INNER_DIGIT.search(word) and not _OTHER_DIGIT_WORDS.match(word):
            arabic = max(arabic, 1.0)
        elif _FINAL_DIGIT.match(word):
            arabic = max(arabic, 0.4)
        return arabic, persian, hindi, 0.0
    if arabic or persian or hindi:
        return arabic, persian, hindi, 0.0
    if word in _common_elsewhere():
        return 0.0, 0.0, 0.0, 1.0
    arabic = 0.3 if _ARABIC_SHAPE.match(word) else 0.0
    persian = 0.5 if _PERSIAN_VERB.match(word) else 0.0
    throaty = 0.25 if _THROAT_SOUND.search(word) else 0.0
    return arabic + throaty, persian + throaty, 0.0, 0.0


def romanised_language(text: str) -> tuple[str, float]:
    """Return which of Arabic, Persian and Hindi a text in Latin letters is written in, if one of them.

    Parameters
    ----------
    text
        A text in Latin letters.

    Returns
    -------
    tuple[str, float]
        ``("ar", confidence)``, ``("fa", confidence)`` or ``("hi", confidence)``; ``("", 0.0)`` for all else.

    Examples
    --------
    >>> for text in ("el net ba2alo 3 ayam", "salam net ma ghate", "the 4G is slow", "die Lieferung kam am 3. Mai"):
    ...     print(romanised_language(text)[0] or "neither")
    ar
    fa
    neither
    neither
    """
    words = _TOKEN.findall(text.lower())
    weights = [_word_weights(word) for word in words if len(word) <= _LONGEST and not word.isdigit()]
    telling = [ours for weight in weights if (ours := weight[:3]) != _NOTHING]
    if not telling:
        return "", 0.0
    scores = [fsum(column) for column in zip(*telling, strict=True)]
    language, score = max(zip(_WORDS, scores, strict=True), key=lambda pair: pair[1])
    score -= _AGAINST * fsum([weight[3] for weight in weights])
    share = score / len(weights)
    if score < _ENOUGH or share < _ENOUGH_A_WORD:
        return "", 0.0
    return language, round(min(0.99, 0.6 + 0.1 * score + 0.3 * share), 4)
