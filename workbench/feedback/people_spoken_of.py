"""What announces the name of somebody a customer tells of, in scripts that write names with a capital.

Each rule needs a word that only people have: what they are ("a lady called"), what is done to them or by them, or what
is theirs. A capital alone is a brand, a place or a German noun more often than a name.
"""

from __future__ import annotations

from typing import Final

from workbench.feedback.name_rules import one_of, rule

_WORD: Final = r"\p{Lu}\p{Ll}{2,}(?:-\p{Lu}\p{Ll}+)?"
_NAME: Final = rf"(?P<name>{_WORD}(?:[ ]{_WORD})?)(?!\p{{L}})"
_ONE: Final = rf"(?P<name>{_WORD})(?!\p{{L}})"
_ENDS: Final = r"(?!\p{L})"

_PERSONS: Final = """
    lady|woman|man|guy|chap|lad|gentleman|girl|boy|bloke|fella|person|someone|somebody|agent|rep|representative
    |adviser|advisor|assistant|colleague|employee|technician|engineer|driver|manager|receptionist|waiter|waitress
    |operator|dame|herr|herrn|mann|frau|mitarbeiter|mitarbeiterin|kollege|kollegen|kollegin|techniker|technikerin
    |monteur|monteurin|berater|beraterin|monsieur|homme|femme|personne|conseiller|conseillère|technicien|technicienne
    |jeune|collègue|employé|employée|persona|chico|chica|señor|señora|técnico|técnica|compañero|compañera|empleado
    |empleada|operador|operadora|asesor|asesora|muchacho|muchacha|ragazzo|ragazza|signore|signora|tecnico|operatore
    |operatrice|collega|addetto|addetta|pessoa|rapaz|moça|senhor|senhora|atendente|funcionário|funcionária|vrouw|heer
    |meneer|mevrouw|medewerker|medewerkster|jongen|meisje|женщина|женщину|женщине|женщиной|мужчина|мужчину|девушка
    |девушку|девушке|девушкой|парень|парнем|сотрудник|сотрудница|сотрудником|специалист|специалистом
"""
_NAMED: Final = r"""
    called|named|by the name of|namens|mit (?:dem )?namen|nommée?|prénommée?|appelée?|qui s[’']appel\w+|du nom de
    |llamad[oa]|que se llam\w+|de nombre|di nome|che si chiam\w+|chiamat[oa]|de nome|que se cham\w+|chamad[oa]
    |genaamd|met de naam|по имени
"""
_SUPPOSEDLY: Final = "i think|i believe|glaube ich|je crois|creo|credo|acho|denk ik|geloof ik"
# people who are named right after what they are: "the technician Sandeep", "mijn broer Henk"
_PEOPLE: Final = """
    technician|engineer|installer|trainer|namens|technicien|technicienne|conseiller|conseillère|técnico|técnica|gestor
    |gestora|asesor|asesora|compañero|compañera|tecnico|collega|formador|formadora|monteur
    |my (?:husband|wife|son|daughter|brother|sister|mum|dad|neighbour|friend|colleague)|your (?:chap|lad|guy|colleague)
    |mon (?:mari|fils|frère|collègue|voisin)|ma (?:femme|fille|sœur|collègue|voisine)|une certaine|un certain
    |mi (?:marido|mujer|hijo|hija|hermano|hermana)|mio (?:marito|figlio|fratello)|mia (?:moglie|figlia|sorella)
    |meu (?:marido|filho|irmão)|minha (?:mulher|esposa|filha|irmã)|soc (?:la|el|en)|sóc (?:la|el|en)|yo soy(?: la| el)?
    |mijn (?:man|vrouw|zoon|dochter|broer|zus|buurman|buurvrouw)|mein (?:mann|sohn|bruder|nachbar)
    |meine (?:frau|tochter|schwester|nachbarin)|менеджер|менеджеру|менеджера|менеджером|мастер|мастеру|мастера|мастером
    |техник|технику|техника|техником|оператор|оператору|оператора|оператором|консультант|консультанту|консультантом
    |сосед|соседу|инженер|инженеру|инженера|инженером|здоровья (?:этому|этой|нашему|нашей|вашему|вашей)|здоровья
"""
_GERMAN_PEOPLE: Final = """
    kollege|kollegen|kollegin|mitarbeiter|mitarbeiters|mitarbeiterin|techniker|technikers|technikerin|monteur|monteurs
    |monteurin|berater|beraters|beraterin|fahrer|fahrers|fahrerin
"""
_NO_GERMAN: Final = "Termin|Service|Team|Besuch|Einsatz|Ihre?[rnms]?|Unsere?[rnms]?|Der|Die|Das|Wir|Sie|Hotline"
_GERMAN_VERB: Final = "hat|hatte|war|kam|konnte|ist|wusste|half|rief|erklärte|aus|vom"
_THANKS: Final = """
    thanks to|thank you to|kudos to|shout-out to|shoutout to|dank an|danke an|merci à|gracias a|grazie a
    |obrigado (?:ao?|à)|obrigada (?:ao?|à)|dankzij|bedankt|complimenti a|bravo a|bravo à
"""
# what shows that somebody was thanked, and not a company
_OF_A_TEAM: Final = """
    who|from|in your|at your|for (?:his|her)|qui|que|du|de la|della|del|aus dem|aus der|vom|von|van|che
    |quien|se (?:me |nos )?qued[oó]|por su (?:paciencia|amabilidad)
"""
_SPOKEN: Final = "spoke|speak|spoken|talked|chatted|dealt"
_THEIR_OWN: Final = "birthday|funeral|death|passing|illness|wedding|surgery|husband|wife|son|daughter|bedroom|widow"
_THEIR_TEAM: Final = "his|her"
_NO_PERSON: Final = one_of(r"""
    (?:some|any|every|no)(?:one|body|thing)|people|staff|service|support|help|the|this|that|call|all|most|many|both
    |advis\w+|agents?|reps?|managers?|members?|person|guys?|lady|ladies|today|tomorrow|yesterday|mother|father|mum|mom
    |dad|grand\w+|gran|nan|granny|company|customer|god|jesus|allah|gott|dios|dieu|deus|dio
""")
_FIRST_NAMES: Final = """
    prénoms|prénom|first names|names|namen|vornamen|nombres|nomi|nomes|voornamen|имена|isimler
"""
_LIST: Final = rf"{_ONE}(?:(?:,[ ]?|,?[ ](?i:and|et|und|y|e|en|и|ve)[ ](?:\p{{Ll}}+[ ])?){_ONE})*"
_ATTENDED: Final = "me (?:atendi[óo]|ayud[óo])|nos (?:atendi[óo]|ayud[óo])"
_HOW: Final = "que|quien|y (?:fue|me)|muy|con (?:mucha|gran)"
_TURKISH_NAMED: Final = "isimli|adlı|ismindeki|adındaki"
_TURKISH_PERSONS: Final = one_of("""
    personel|çalışan|teknisyen|görevli|arkadaş|bey|hanım|kişi|müşteri temsilci|temsilci|kurye|kadın|adam|çocuk|kız
    |eleman|memur|danışman|yetkili|usta
""", any_case=False)
_BEY: Final = """
    bey|beye|beyi|beyin|beyden|beyle|beyefendi|hanım|hanıma|hanımı|hanımın|hanımdan|hanımla|hanımefendi|hanim
"""
_NO_TURK: Final = "(?:Tamam|Evet|Hayır|Sayın|Servis|Müdür|Doktor|Kurye|Hangi|Bir|Bu|Şu|Genç|Yaşlı)"
_KIN: Final = "апа|ага|ханым|бей|джан"
_NOBODY_OF_INDIA: Final = "Sir|Thanks|Madam|Mam|Bhai|Mata|Pita|Guru|Ok|Yes|Haan"

SPOKEN_OF: Final = (
    rule(rf"(?<!\p{{L}}){one_of(_PERSONS)}(?:(?:[ ][\p{{L}}'’]+){{0,4}}?,?[ ]{one_of(_NAMED)}[ ]{_NAME}"
         rf"|(?:[ ]\p{{Ll}}+){{0,5}},[ ]{_ONE}(?=,)"
         rf"|(?:[ ][\p{{L}}'’]+){{0,6}},[ ]{_ONE}(?=,?[ ]{one_of(_SUPPOSEDLY)}{_ENDS}))", _PERSONS),
    rule(rf"(?<!\p{{L}}){one_of(_PEOPLE)},?[ ]{_NAME}", _PEOPLE),
    rule(r"(?<!\p{L})(?i:ihr(?:e[mnr]?)?|d(?:er|ie|em|en)|ein(?:e[mnr]?)?)[ ](?:\p{Ll}+[ ])?"
         rf"{one_of(_GERMAN_PEOPLE)}[ ](?!(?:{_NO_GERMAN}){_ENDS}){_NAME}"
         rf"(?=[ ](?:{_GERMAN_VERB}){_ENDS}|[,.!])", _GERMAN_PEOPLE),
    rule(rf"(?<!\p{{L}}){one_of(_THANKS)}[ ]{_ONE}(?=,?[ ]{one_of(_OF_A_TEAM)}{_ENDS})", _THANKS),
    rule(rf"(?<!\p{{L}})(?!{_NO_PERSON}{_ENDS}){_NAME}(?=[ ](?:in|from|on)[ ](?:your|the)[ ](?:[\p{{L}}&-]+[ ]){{0,2}}"
         rf"team{_ENDS})", "team"),
    rule(rf"(?<!\p{{L}}){one_of(_SPOKEN)}[ ](?:to|with)[ ](?!{_NO_PERSON}{_ENDS}){_NAME}"
         rf"(?=,?[ ](?:who|he|she|and (?:he|she)|(?:in|at|from|on) your){_ENDS})", _SPOKEN),
    rule(rf"(?<!\p{{L}})(?!{_NO_PERSON}{_ENDS}){_ONE}(?=['’]s[ ](?:{_THEIR_OWN}){_ENDS})", _THEIR_OWN),
    rule(rf"(?<!\p{{L}})(?!{_NO_PERSON}{_ENDS}){_ONE}(?=[ ]and[ ](?:{_THEIR_TEAM})[ ](?:team|crew|colleagues?|staff)"
         rf"{_ENDS})", _THEIR_TEAM),
    rule(rf"(?<!\p{{L}})our[ ]{_ONE}(?<!s)(?=[ ]who{_ENDS})", "our"),
    rule(rf"(?<!\p{{L}}){one_of(_FIRST_NAMES)}[ ]?:[ ]?{_LIST}", _FIRST_NAMES),
    rule(rf"(?<!\p{{L}}){one_of(_ATTENDED)}[ ](?:muy bien[ ])?{_ONE}(?=,?[ ]{one_of(_HOW)}{_ENDS})", _ATTENDED),
    rule(rf"(?<!\p{{L}}){_NAME}(?=[ ](?:{_TURKISH_NAMED})[ ](?:\p{{Ll}}{{1,20}}[ ]){{0,2}}{_TURKISH_PERSONS})",
         _TURKISH_NAMED),
    rule(rf"(?<!\p{{L}})(?!{_NO_TURK}{_ENDS})(?P<name>\p{{Lu}}[\p{{Ll}}\p{{M}}]+)(?=[ ]{one_of(_BEY)}{_ENDS})",
         _BEY),
    rule(rf"(?<!\p{{L}})(?:Bay|Bayan)[ ]{_ONE}(?=['’]|[ ](?:ile|beni|bana|hanım|çok){_ENDS})", "bay|bayan"),
    rule(r"(?<!\p{L})bir[ ](?P<name>(?!genç|yaşlı)\p{Ll}{3,})(?=[ ]bey(?!\p{L}))", "bey"),
    rule(rf"(?<!\p{{L}})(?P<name>\p{{Lu}}\p{{Ll}}+)(?=-(?:{_KIN}){_ENDS})", _KIN),
    rule(rf"(?<!\p{{L}})(?!(?:{_NOBODY_OF_INDIA}){_ENDS}){_NAME}(?=[ ](?:ji|[Ss]ahab|[Ss]aab){_ENDS})",
         "ji|sahab|saab"),
)
