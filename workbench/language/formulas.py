"""How people say "nothing" in a survey, and what devices, mail programs and surveys write by themselves."""

from __future__ import annotations

import re
from typing import Final

# one language a paragraph, one answer between two bars
NOTHING: Final = """
    nothing | nothin | nothing else | nothing more | nothing to add | nothing to say | nothing really
    nothing at all | nothing comes to mind | nothing to report | nothing in particular | nothing special
    nothing specific | none | non | no | nope | na | n a | nil | null | nan | void | no comment | no comments
    no coment | no comments at this time | no further comment | no further comments | no additional comments
    no feedback | no suggestions | no suggestion | no answer | no opinion | no idea | no remarks
    not applicable | not sure | not really | dont know | don't know | i dont know | i don't know | idk | dunno
    no clue | can't think of anything | cant think of anything | no reason | no complaints to make
    nothing to comment | i have nothing to add | i have no comment | i have no comments | x | xx | xxx | test
    asdf | asdfg | asdfgh | asd | qwerty | blah | blah blah | bla bla | same as above | as above | see above
    all good nothing to add | nothing thanks | nothing thank you | no thanks | no thank you | nada mas
    no nothing | prefer not to say | i'd rather not say

    nichts | nix | nichts weiter | nichts hinzuzufügen | nichts zu sagen | gar nichts | garnichts | nein | ne
    nee | k a | ka | keine | keiner | kein | keine angabe | keine angaben | kein kommentar | keine ahnung
    keine anmerkung | keine meinung | keine anmerkungen | keine bemerkungen | keine vorschläge | keine antwort
    entfällt | weiß nicht | weiss nicht | weiß ich nicht | nichts besonderes | nichts bestimmtes
    fällt mir nichts ein | mir fällt nichts ein | siehe oben | s o | ohne | ohne kommentar | nicht zutreffend
    momentan nichts | zurzeit nichts | nichts danke | nein danke

    rien | rien à dire | rien à signaler | rien de plus | rien à ajouter | rien de particulier | rien de spécial
    rien du tout | r a s | ras | aucun | aucune | aucun commentaire | aucune idée | aucune remarque
    aucune suggestion | aucun avis | pas de commentaire | pas de commentaires | sans commentaire | sans avis
    sans réponse | pas d'avis | pas d'idée | néant | neant | sans objet | s o | nsp | ne sait pas
    je ne sais pas | je sais pas | jsp | pas de remarque | pas de remarques | sans opinion | pas d'opinion
    rien merci | non rien | non merci

    nada | nada más | nada que decir | nada que añadir | nada que comentar | nada en especial
    nada en particular | ninguno | ninguna | ningún comentario | ninguna sugerencia | ninguna opinión
    sin comentarios | sin comentario | sin respuesta | sin opinión | no sé | no se | no lo sé | ns nc | nsnc
    ns | nc | no aplica | no procede | no tengo | no tengo comentarios | no tengo nada que decir
    nada por ahora | de momento nada | por el momento nada | no sabe | ns/nr | no contesta | no hay
    no hay comentarios | no opino | nada gracias

    nada a declarar | nada a dizer | nada a acrescentar | nada a comentar | nenhum | nenhuma | nenhum comentário
    sem comentários | sem comentário | s comentários | sem resposta | sem opinião | sem sugestões | não sei | nao sei
    não tenho | nao | não | nada a apontar | não se aplica | não aplicável | nada de especial | nada consta
    nada de mais | não há | nada obrigado

    niente | nulla | niente da dire | niente da aggiungere | niente da segnalare | niente di particolare
    nulla da dire | nulla da aggiungere | nulla da segnalare | nessuno | nessuna | nessun commento
    nessuna risposta | nessun suggerimento | nessuna opinione | senza commento | senza commenti | non so
    non saprei | boh | no comment | niente di che | non applicabile | non ho commenti | n d | nd | niente grazie

    niets | niks | geen | nvt | n v t | geen commentaar | geen opmerking | geen opmerkingen | geen idee
    geen mening | geen antwoord | niets toe te voegen | niks toe te voegen | niets te melden | niks te melden
    weet ik niet | weet niet | geen toelichting | niet van toepassing | niets bijzonders | gvd geen | nee | neen
    geen suggesties | niks bijzonders

    yok | hiç | hiçbir şey | hicbir sey | hiçbiri | hiç bir şey | yorum yok | yorumum yok | yorumsuz
    fikrim yok | bilmiyorum | bilmem | bir şey yok | bişey yok | bisey yok | bi şey yok | birşey yok
    belirtmek istemiyorum | söyleyecek bir şey yok | söyleyecek bir şeyim yok | önerim yok | öneri yok
    eklemek istediğim bir şey yok | cevap yok | hayır | hayir | görüşüm yok | görüş yok | yoktur
    özel bir şey yok | ekleyecek bir şey yok

    нет | ничего | нету | неа | не знаю | нечего сказать | нечего добавить | ничего не скажу | без комментариев
    бк | нет комментариев | нет ответа | нет мнения | нет предложений | нет замечаний | ничего особенного
    затрудняюсь ответить | не могу сказать | хз | комментариев нет | замечаний нет | предложений нет | не имею
    отсутствует | отсутствуют | без ответа | никак | нет спасибо

    لا شيء | لاشيء | لا شي | لاشي | ولا شيء | ولا شي | لا يوجد | لايوجد | لا يوجد شيء | لا يوجد تعليق | لا توجد
    لا يوجد ملاحظات | لا توجد ملاحظات | لا توجد تعليقات | لا تعليق | بدون تعليق | بلا تعليق | بدون | لا | كلا
    لا اعرف | لا أعلم | لا ادري | مدري | ما ادري | ما اعرف | معرفش | مش عارف | مش عارفة | ما بعرف | مابعرف
    ما في | مافي | ما في شي | مافي شي | ما في شيء | مافيش | مفيش | مفيش حاجة | مفيش تعليق | مافيش حاجه
    ولا حاجة | ولاحاجه | ما عندي | ما عندي شي | ما عندي تعليق | ماعندي | ماعندي شي | معنديش | ليس لدي
    ليس لدي تعليق | ليس لدي ملاحظات | ليس لدي أي تعليق | ليس لدي ما أقوله | لا اقتراحات | لا ملاحظات | لا ينطبق
    لا رأي | لا إجابة | لا جواب | لا يوجد لدي | لا أريد | ما فيه | ما فيه شي | مافيه | مافي تعليق | ما في تعليق
    ولا اشي | ولا إشي | لا شيء محدد | لا شئ | لاشئ | لا شىء | لا أرغب في التعليق | ما عندي ملاحظات | لا شكرا
    لا والله | لا والله ولا شي | لا يوجد شكرا | لا يوجد لا

    هیچ | هیچی | هیچ چیز | هیچ چیزی | هیچکدام | هیچ کدام | نظری ندارم | نظر ندارم | نظري ندارم | نظر خاصی ندارم
    نظری نیست | نظری نداشتم | بدون نظر | بی نظر | ندارم | ندارد | نداره | نمیدانم | نمی دانم | نمیدونم
    نمی دونم | چیزی ندارم | چیزی نیست | چیز خاصی نیست | چیز خاصی ندارم | خاصی ندارم | نه | خیر | نخیر
    بدون توضیح | توضیحی ندارم | حرفی ندارم | حرفی نیست | پیشنهادی ندارم | نظری ندارم ممنون | انتقادی ندارم
    پیشنهاد خاصی ندارم | هیچ نظری ندارم | موردی ندارم | موردی نیست | مورد خاصی نیست | مورد خاصی نبود
    موردی نبود | فعلا هیچی | فعلا که هیچ | فعلا نظری ندارم | چیزی به ذهنم نمیرسد | چیزی به ذهنم نمیرسه
    هیچی والا | هیچی ممنون | نظری ندارم مرسی | جوابی ندارم | بدون پاسخ

    کچھ نہیں | کوئی نہیں | کوئی تبصرہ نہیں | نہیں | کوئی رائے نہیں | معلوم نہیں | پتہ نہیں | پتا نہیں
    کچھ بھی نہیں | کوئی بات نہیں | کچھ خاص نہیں | کوئی تجویز نہیں | کہنے کو کچھ نہیں | کوئی جواب نہیں

    कुछ नहीं | कुछ नही | कुछ भी नहीं | कोई नहीं | नहीं | नही | कोई टिप्पणी नहीं | कोई सुझाव नहीं | कोई राय नहीं
    पता नहीं | मालूम नहीं | कुछ खास नहीं | कुछ ख़ास नहीं | कहने को कुछ नहीं | लागू नहीं | कोई जवाब नहीं | ना
    कुछ नहीं कहना | नहीं पता | बस कुछ नहीं | kuch nahi | kuch nahin | koi nahi | kuch bhi nahi | nahi
    pata nahi

    无 | 無 | 没 | 没有 | 沒有 | 没了 | 没啥 | 没什么 | 没什么说的 | 没什么好说的 | 没有意见 | 没意见 | 无意见
    没有了 | 暂无 | 暂时没有 | 暂没有 | 没有建议 | 无建议 | 不知道 | 不清楚 | 不详 | 没想法 | 没有想法
    没有评论 | 无评论 | 无可奉告 | 没有什么 | 没有任何意见 | 没别的 | 没有其他 | 目前没有 | 无内容
    此用户没有填写评价 | 该用户没有填写评价 | 略 | 不适用 | 没有特别的 | 没特别的

    なし | 無し | 特になし | とくになし | 特に無し | 特にない | 特に無い | とくにない | 特にありません
    とくにありません | 特にないです | 特に無いです | ありません | ないです | ない | 無い | わからない
    わかりません | 分からない | 分かりません | 別に | 別にない | べつにない | 特に | 何もない | 何もありません
    なにもない | 該当なし | 回答なし | 無回答 | コメントなし | 意見なし | 今のところなし | 今のところ特になし
    思いつかない | 思いつきません | 特になしです | なしです | 特にございません | ございません | とくに

    없음 | 없어요 | 없습니다 | 없다 | 특별히 없음 | 딱히 없음 | 특이사항 없음 | 모름 | 모르겠어요 | 모르겠습니다
    의견 없음 | 해당 없음 | 해당없음 | 의견없음 | 딱히 | 별로 없음 | ไม่มี | ไม่มีค่ะ | ไม่มีครับ | ไม่ทราบ
    ไม่มีความเห็น | ไม่มีความคิดเห็น | ไม่มีข้อเสนอแนะ

    hichi | hich chi | hichi nadaram | nazari nadaram | nazar nadaram | nadaram | nemidoonam | nemidunam
    chizi nadaram | la shay | la shai | la shi2 | mafi | mafi shi | mafeesh | mafish | mafeesh ta3leeq
    mafish 7aga | mafeesh 7aga | wala 7aga | wala shi | ma 3andi | mesh 3aref | msh 3aref | ma ba3ref
    la yoojad | la ta3leeq | mfish
"""

BOILERPLATE: Final = re.compile(
    r"sent from (?:my|an?|the) [\w\s.'-]{2,40}|sent (?:from|via|with) (?:outlook|yahoo|gmail|proton"
    r"|samsung|blackberry|mail)[\w\s.-]{0,30}"
    r"|get outlook for (?:ios|android)|von meinem [\w\s.-]{2,40} gesendet|gesendet (?:von|mit) [\w\s.-]{2,40}"
    r"|envoy[ée] (?:de|depuis|à partir de) (?:mon|ma|outlook|yahoo)[\w\s.'-]{0,40}|enviado (?:desde|do"
    r"|a partir do|de) (?:mi |meu |outlook|yahoo)[\w\s.-]{0,40}"
    r"|inviato da(?:l mio| mio)?[\w\s.-]{2,40}|verzonden (?:vanaf|vanuit|met) [\w\s.-]{2,40}"
    r"|[\w\s.]{2,30}(?:['’]?(?:m|dan|den|umdan|imden)) gönderildi|отправлено (?:с|из) (?:моего "
    r"|моей )?[\w\s.-]{2,40}"
    r"|(?:أ|ا)رسلت? من [\w\s.-]{2,30}|تم الإ?ا?رسال من [\w\s.-]{2,30}|(?:ارسال"
    r"|فرستاده) شده از [\w\s‌.-]{2,30}|از (?:آیفون|گوشی) من فرستاده شد[\w\s‌]{0,10}"
    r"|(?:发自|發自|来自)我的\s?[\w\s.-]{2,30}|[\w\s]{2,20}から送信(?:されました)?"
    r"|मेरे [\w\s\u0900-\u0963]{2,20} से भेजा गया|میرے [\w\s]{2,20} سے بھیجا گیا"
    r"|나의 [\w\s]{2,20}에서 보냄"
    r"|this (?:e-?mail|message)(?: and any attachments?)? (?:is|are|may be"
    r"|contains?) [\w\s,]{0,40}confidential.*"
    r"|diese (?:e-?mail|nachricht) (?:ist|enthält) [\w\s,]{0,40}vertraulich.*|ce (?:message"
    r"|courriel) (?:est|contient) [\w\s,]{0,40}confidentiel.*"
    r"|este (?:mensaje|correo|e-?mail) (?:es|contiene) [\w\s,]{0,40}confidencial.*|hierdie .{0,5}"
    r"|dit bericht is vertrouwelijk.*"
    r"|please (?:do not reply|rate|take a moment|complete the survey).{0,80}"
    r"|do not reply to this (?:e-?mail|message).{0,40}"
    r"|thank you for (?:completing|taking|participating in) (?:the|this|our) (?:survey|questionnaire).{0,40}"
    r"|how (?:likely|satisfied) (?:are|would) you .{5,140}\?|please (?:tell|let) us (?:know )?(?:why|more"
    r"|what).{0,80}|why did you give (?:us )?this (?:score|rating)\??"
    r"|vielen dank für (?:die|ihre) teilnahme.{0,60}|merci d['’]avoir (?:répondu|participé).{0,60}"
    r"|gracias por (?:participar|completar|responder).{0,60}"
    r"|obrigad[oa] por (?:participar|responder|completar).{0,60}|grazie per (?:aver partecipato"
    r"|aver risposto|la partecipazione).{0,60}"
    r"|bedankt voor (?:uw|je|het) (?:deelname|invullen).{0,60}|ankete? katıldığınız için.{0,60}"
    r"|спасибо за (?:участие|прохождение).{0,60}"
    r"|شكرا(?:ً)? (?:لمشاركتك|لمشاركتكم|على المشاركة|لاستكمال).{0,60}|(?:با تشکر|ممنون|متشکریم"
    r"|سپاس) از (?:مشارکت|شرکت) شما.{0,60}"
    r"|سروے میں حصہ لینے کا شکریہ.{0,40}|感谢您?的?(?:参与|参加|完成).{0,30}|ご回答(?:いただき"
    r"|ありがとう).{0,30}|アンケートにご協力.{0,30}|सर्वेक्षण में भाग लेने.{0,40}"
    r"|(?:this|the) (?:review|comment) (?:was|has been) (?:translated|collected|removed).{0,80}"
    r"|\(?translated by google\)?.{0,3}|unsubscribe|powered by \w+"
    r"|此用户没有填写评[价论]|该用户(?:未|没有)(?:及时)?(?:填写评价|主动评价|评价).{0,20}|系统默认好评",
    re.IGNORECASE,
)

# what a page around a text says; words that a customer could answer with ("privacy policy", "menu") are not here
WEB_LINE: Final = re.compile(
    r"skip to (?:main )?content|accept (?:all )?cookies|read more|back to top|share (?:this )?(?:on|via) \w+"
    r"|share this(?: article| post)?|all rights reserved\.?|(?:©|\(c\)|copyright)[ ©]*(?:19|20)\d\d.{0,80}"
    r"|subscribe to our newsletter|leave a (?:reply|comment)|related (?:articles|posts)"
    r"|(?:previous|next) (?:post|article)"
    r"|table of contents|home(?: [>»/›] [^>»/›]{1,40}){1,6}|you are here:.{0,80}|tweet this|print this page"
    r"|zum inhalt springen|weiterlesen|mehr lesen|alle rechte vorbehalten|nach oben|inhaltsverzeichnis|beitrag teilen"
    r"|kommentar hinterlassen|(?:alle )?cookies akzeptieren|aller au contenu(?: principal)?|lire la suite"
    r"|lire aussi.{0,80}"
    r"|tous droits réservés|partager sur \w+|laisser un commentaire|accepter (?:tous )?les cookies|haut de page"
    r"|saltar al contenido(?: principal)?|leer más|seguir leyendo|todos los derechos reservados|compartir en \w+"
    r"|deja(?:r)? un comentario|aceptar (?:todas )?las cookies|artículos relacionados|vai al contenuto"
    r"|leggi (?:tutto|di più)"
    r"|tutti i diritti riservati|condividi su \w+|lascia un commento|accetta (?:tutti )?i cookie|ir para o conteúdo"
    r"|(?:leia|ler) mais|todos os direitos reservados|partilhar no \w+|compartilhar no \w+|deixe um comentário"
    r"|naar de inhoud|lees (?:meer|verder)|alle rechten voorbehouden|delen op \w+|reactie plaatsen|içeriğe (?:geç|atla)"
    r"|devamını oku|tüm hakları saklıdır|\w+['’]?[dt][ae] paylaş|перейти к содержимому"
    r"|читать (?:далее|дальше|полностью)"
    r"|все права защищены|поделиться в \w+|оставить комментарий|содержание статьи"
    r"|(?:تخط[ىي]?|انتقل|الانتقال|تجاوز) [إا]لى المحتوى(?: الرئيسي)?|(?:اقر[أا]|إقرأ) (?:المزيد|أيضا|ايضا|أيضًا).{0,80}"
    r"|جميع الحقوق محفوظة.{0,60}|شارك(?:ها)? على \w+|(?:مشاركة|شارك) (?:المقال|هذا المقال)|[اأ]ترك تعليقا?ً?"
    r"|المقال (?:السابق|التالي)"
    r"|(?:العودة|الرجوع) [إا]لى (?:ال[أا]على|الصفحة الرئيسية)|مقالات ذات صلة|جدول المحتويات"
    r"|الرئيسية(?: [>»/›] [^>»/›]{1,40}){1,6}"
    r"|(?:پرش|رفتن) به (?:محتوا|نوشته‌?ها)|ادامه(?:ٔ|ی)? مطلب|(?:بیشتر|همچنین) بخوانید.{0,80}"
    r"|(?:تمامی?|کلیه(?:ٔ|ی)?|همه(?:ٔ|ی)?) حقوق.{0,60} محفوظ است.{0,20}"
    r"|اشتراک[ ‌]?گذاری در \w+|(?:دیدگاهتان|نظرتان|نظر خود) را بنویسید|بازگشت به بالا|(?:مطالب|مقالات|نوشته‌های) مرتبط"
    r"|فهرست (?:مطالب|محتوا)|نوشته(?:ٔ|ی)? (?:قبلی|بعدی)|خانه(?: [>»/›] [^>»/›]{1,40}){1,6}"
    r"|跳[至到转]+(?:主要)?内容|阅读(?:更多|全文)|版权所有.{0,40}|分享到\w+|返回顶部|相关文章|上一篇.{0,40}|下一篇.{0,40}"
    r"|コンテンツへスキップ|続きを読む|もっと見る|シェアする|関連記事|ページトップへ|मुख्य सामग्री पर जाएं"
    r"|और पढ़ें|सर्वाधिकार सुरक्षित",
    re.IGNORECASE,
)
