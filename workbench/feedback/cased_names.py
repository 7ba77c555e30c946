"""What announces the name of whoever writes or is written to, in scripts that write names with a capital."""

from __future__ import annotations

from typing import Final

from workbench.feedback.name_rules import one_of, rule

# a capitalised word, and a name of one to four of them with the particles that stand between
_CAP: Final = r"(?:\p{Lu}\p{Ll}{0,2}\.|\p{Lu}[\p{L}\p{M}'’]*(?:-\p{Lu}[\p{L}\p{M}'’]*)*)"
BETWEEN: Final = "de|del|della|di|da|do|dos|das|du|van|von|der|den|ter|ten|zu|bin|ibn|al|el|la|le|y|e"
_CASED: Final = rf"{_CAP}(?:[ ](?:(?:{BETWEEN})[ ]){{0,2}}{_CAP}){{0,3}}"
_FULL: Final = rf"(?=\p{{Lu}}[^ ]*\p{{Ll}}){_CAP}(?:[ ](?:(?:{BETWEEN})[ ]){{0,2}}{_CAP}){{1,3}}"
_UNCASED: Final = r"\p{Ll}[\p{L}'’-]+(?:[ ]\p{Ll}[\p{L}'’-]+)?"

# said of oneself: any spelling of the name is believed
_MY_NAME_IS: Final = """
    my name is|my name[’']s|name[’']s|mein name ist|ich heiße|ich heisse|je m[’']appelle|mon nom est|me llamo
    |mi nombre es|mi chiamo|il mio nome è|chamo-me|me chamo|meu nome é|mijn naam is|ik heet|benim ad[ıi]m|ismim
    |меня зовут|мое имя|моё имя|менің атым|esme man|esm man|esmam|esmi|ismi
"""
# said of oneself, or of anything: only two capitalised words are a name
_I_AM: Final = """
    this is|it[’']s|i[’']m|i am|myself|ich bin|hier ist|hier spricht|je suis|ici|c[’']est|soy|sono|sou|sou [oa]|ik ben
    |u spreekt met|met|ben|adım|adim|я|это
"""
_LABELS: Final = """
    contact|name|full name|ansprechpartner|ansprechpartnerin|kontakt|nom|nombre|contacto|nome|contatto|naam|isim
    |ad soyad|имя|фио|контакт|from|signed|sender|customer name|account holder|absender|vorname|nachname|unterschrift
    |kontoinhaber|kontoinhaberin|prénom|signé|apellidos|firmado|cognome|firmato|sobrenome|assinado|soyadı|imza
"""
_SHORT_TITLES: Final = """
    mr|mrs|ms|mx|dr|dra|prof|sr|sra|srta|sig|sig[.]ra|dott|dott[.]ssa|mevr|dhr|mme|mlle
"""
_TITLES: Final = """
    herr|herrn|frau|fräulein|familie|fam[.]|miss|mister|auntie|nurse|monsieur|madame|señor|señora|doña|dona|senhor
    |senhora|signor|signora|signore|mevrouw|meneer|sayın
"""
_MAY_BE_SMALL: Final = """
    monsieur|madame|señor|señora|doña|dona|senhor|senhora|signor|signora|signore|mevrouw|meneer|sayın
"""
_DEARS: Final = """
    dear|liebe|lieber|chère|cher|caro|cara|querido|querida|prezado|prezada|geachte|beste|уважаемый|уважаемая
"""
_FAREWELLS: Final = """
    regards|yours sincerely|yours faithfully|yours truly|sincerely|cheers|many thanks|best wishes|all the best|warmly
    |respectfully|mit freundliche[nm] gr(?:u|ü|ue)(?:ß|ss)(?:en)?|viele gr(?:ü|ue)(?:ß|ss)e|beste gr(?:ü|ue)(?:ß|ss)e
    |liebe gr(?:ü|ue)(?:ß|ss)e|schöne gr(?:ü|ue)(?:ß|ss)e|herzliche gr(?:ü|ue)(?:ß|ss)e|mfg|hochachtungsvoll|lg|vg
    |cordialement|bien à vous|sincères salutations|respectueusement|saludo|saludos|atentamente|atte|cordialmente
    |cordiali saluti|distinti saluti|atenciosamente|cumprimentos|abraço|abraços|met vriendelijke groet(?:en)?|groet
    |groeten|groetjes|mvg|gr|saygılar|saygılarımla|saygılarımızla|saygilarimla|с уважением|с наилучшими пожеланиями
"""
_IN_THE_NAME_OF: Final = """
    in the name of|under the name(?: of)?|auf den namen|au nom de|a nombre de|a nome di|em nome de|op naam van|на имя
"""
_HOLDERS: Final = """
    account holder|kontoinhaber|kontoinhaberin|vertragsinhaber|vertragsinhaberin|titulaire|titular|intestatario
    |intestataria|rekeninghouder|hesap sahibi
"""
# what somebody who signs for a company says of himself
_ROLES: Final = """
    head of|manager|director|owner|ceo|cfo|cto|accountant|secretary|geschäftsführer|geschäftsführerin|inhaber|inhaberin
    |leiter|leiterin|buchhaltung|directeur|directrice|gérant|gérante|responsable|directora|gerente|jefe|jefa|titular
    |direttore|direttrice|responsabile|titolare|diretor|diretora|eigenaar|müdür|müdürü|muhasebe|директор|начальник
    |бухгалтер
"""
_CALLING: Final = "speaking|here(?=[,.!]|$)|calling from|à l[’']appareil|am apparat"
_CUSTOMERS: Final = "customer|client|abonné|abonnée|cliente|kunde|kundin|klant|abonado|account"
_CALLS: Final = "speaking|here|calling|à|am"

NAMES_OF_WRITERS: Final = (
    rule(rf"(?<!\p{{L}}){one_of(_MY_NAME_IS)}[ ,:]{{1,2}}(?P<name>{_CASED}|{_UNCASED})", _MY_NAME_IS),
    rule(rf"(?<!\p{{L}})(?i:meu nome e|il mio nome e)[ ](?P<name>{_CASED})", "meu nome e|il mio nome e"),  # or "and"
    rule(rf"(?<!\p{{L}}){one_of(_LABELS)}[ ]?:[ ]?(?P<name>{_CASED})", _LABELS),
    rule(rf"(?<!\p{{L}}){one_of(_SHORT_TITLES)}\.?[ ](?P<name>{_CASED})", _SHORT_TITLES),
    rule(rf"(?<!\p{{L}})(?:(?=\p{{Lu}}\p{{Ll}}){one_of(_TITLES)}|{one_of(_MAY_BE_SMALL, any_case=False)})[ ]"
         rf"(?P<name>{_CASED})", _TITLES),
    rule(rf"(?P<name>{_FULL})(?=,?[ ]{one_of(_CALLING)}(?!\p{{L}}))", _CALLS),
    rule(rf"^(?P<name>{_FULL})(?=,[ ]{one_of(_CUSTOMERS)}(?!\p{{L}}))", _CUSTOMERS),
    rule(rf"(?:^|[\"“„«»\n.!?][ ]?)(?=\p{{Lu}}\p{{Ll}}){one_of(_DEARS)}[ ](?P<name>\p{{Lu}}\p{{Ll}}+)(?=,)", _DEARS),
    rule(rf"(?<!\p{{L}}){one_of(_FAREWELLS)}(?:[ ]*[,.!:\-]\s*|\s+)(?P<name>{_CASED})[.]?[ ]*(?=$|[\n,;])", _FAREWELLS),
    rule(rf"(?<!\p{{L}}){one_of(_IN_THE_NAME_OF)}[ ](?!Jesus|God|Allah|Gott|Dios|Deus)(?P<name>{_FULL})",
         _IN_THE_NAME_OF),
    rule(rf"(?<!\p{{L}}){one_of(_HOLDERS)}(?:[ ](?:is|ist|est|es|è|é))?[ :]{{1,2}}(?P<name>{_FULL})", _HOLDERS),
    rule(rf"(?:^|[.!?\n][ ]?)(?P<name>{_FULL})"
         rf"(?=,[ ](?:\p{{L}}{{1,20}}[ ]){{0,2}}{one_of(_ROLES)}(?!\p{{L}})[^.!?\n]{{0,60}}[.]?\s*$)", _ROLES),
)
# the surest of these is two capitals, and a headline has as many: such a name is not looked for elsewhere
UNSURE_NAMES: Final = (
    rule(rf"(?<!\p{{L}}){one_of(_I_AM)}[ ](?P<name>{_FULL})(?![ ]\p{{Lu}})", _I_AM),
)
