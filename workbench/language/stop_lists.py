"""Words that are not counted, and words that general lists leave out although feedback is about them."""

from __future__ import annotations

from typing import Final


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is written as one text.

    Parameters
    ----------
    words
        Words with white space between them.

    Returns
    -------
    frozenset[str]
        The words.

    Examples
    --------
    >>> sorted(word_set("late بد"))
    ['late', 'بد']
    """
    return frozenset(words.split())


# general lists call these empty; in feedback they are the subject or the verdict
KEPT: Final[dict[str, str]] = {
    "en": """
        bill call calls computer problem problems help website webpage homepage room rooms opening open order
        orders ordered ordering system text full free work working works worked bad good great best better clear
        clearly information interest interesting page pages site member members test welcome unfortunately wrong
        broken poorly change changes detail fire available immediately quickly useful usefulness copy date name
        number numbers slightly empty promptly seriously recent older old new newest young youngest small large
        long longer late later lately appreciate click join keys parts wait fast slow invention successfully
        similar different thorough thoroughly ring world line group greatest interested interests sincere sorry
        microsoft section present usual cases
    """,
    "de": """
        besser beste gut gute guten guter gutes gross große großen schlecht neue neuen neuer neues lange zeit
        tag tage leider mensch menschen richtig bekannt teil leicht schluss preis endlich ende problem probleme
    """,
    "fr": """
        bien bon bonne mieux mal prix service nouveau nouvelle personne personnes cher rare beau retour attente
        ouvert ouverte malheureusement parfait suivi possible important importante
    """,
    "es": """
        bueno buena buenos buenas mejor peor mal malo mala nuevo nueva nuevos nuevas trabajar trabajo trabaja
        tiempo horas días buen gran verdad empleo usar uso
    """,
    "pt": """
        bom boa bons boas mal melhor pior novo nova novos novas apoio tempo número nome grande pontos ponto
        local
    """,
    "it": """
        buono buona bene male meglio peggio nuovo nuova lavoro attesa tempo persone persona bravo consiglio
        peccato gente minimi brava giorni
    """,
    "nl": "goed slecht beter nieuw nieuwe tijd klaar werk snel vroeg",
    "tr": "yeni iyi kötü yavaş hızlı gerçek yanlış güzel büyük az eksik zor",
    "ru": """
        деньги новый старый хороший плохой время работа работать жизнь человек люди дом ночь вечер лучший улица
        дело слово вопрос час месяц самый хорошо плохо
    """,
    "ar": "زيارة سيء جيد ممتاز مشكلة سريع بطيء",
    "fa": """
        رسید رسیده نرسید نرسیده میرسد میرسه
        خدمات راحت مشکل خوب بد عالی جدید سریع گران ارزان ضعیف کیفیت مردم تازه پیدا کامل کند تمدید قیمت قطع وصل
    """,
    "zh": "好 差 慢 快 贵 坏 清楚 容易 问题 有效 重要 满意 方便 严重 及时 服务",
    "ja": "",
    "hi": "अच्छा अच्छी खराब",
    "ur": "اچھا اچھی اچھے برا خراب",
    "ko": "",
}

# greetings, thanks and the small change of the trade, and what general lists lack
ADDED: Final[dict[str, str]] = {
    "en": """
        please thanks thank hello hi hey dear regards ok okay yes no not don't doesn't didn't isn't wasn't can't
        won't couldn't wouldn't im ive id dont doesnt didnt isnt wasnt cant wont couldnt wouldnt it's that's
        there's i'm i've i'd i'll you're they're they've he's she's we're we've let's who's what's gonna wanna
        gotta lot lots bit thing things stuff really just even still also actually literally basically honestly
        told tell say says said saying come comes came coming go goes going went gone get gets getting got make
        made makes put take took taken day days today yesterday tomorrow week weeks month months year years time
        times minute minutes hour hours o'clock pm am monday tuesday wednesday thursday friday saturday sunday
        customer customers company people one two three four five six seven eight nine ten twenty thirty forty
        fifty hundred half etc lol ya yeah yep nope ye
    """,
    "de": """
        bitte danke dank hallo guten tag mfg grüße ja nein nix mal halt eben schon noch immer wieder ganz sehr
        nur auch sogar gibt's geht's hab is ned ma isch gsagt ham sagen sagt gesagt euro minuten minute stunde
        stunden woche wochen monat monate monaten jahr jahre uhr montag dienstag mittwoch donnerstag freitag
        samstag sonntag heute gestern morgen eigentlich einfach kunde kunden herr frau
    """,
    "fr": """
        bonjour merci svp cordialement monsieur madame oui non c'est j'ai qu'il n'est n'a d'un d'une ça ca ai
        jour jours semaine semaines mois minutes minute heure heures an ans lundi mardi mercredi jeudi vendredi
        samedi dimanche hier demain euros tkt pr c chui pis faut
    """,
    "es": """
        hola gracias favor señor señora saludos sí si no día días semana semanas mes meses minutos minuto hora
        horas año años lunes martes miércoles jueves viernes sábado domingo uno dos tres cuatro cinco seis siete
        ocho nueve diez once doce veinte treinta cuarenta alguien nadie ayer mañana hoy x q xq pq tb euros
    """,
    "pt": """
        olá obrigado obrigada favor boa bom dia senhor senhora sim não tá pra pro dias semana semanas mês meses
        minutos minuto hora horas ano anos segunda terça quarta quinta sexta sábado domingo ontem hoje amanhã vc
        q pq tbm euros reais gente
    """,
    "it": """
        ciao grazie salve buongiorno prego signora signore sì no giorno giorni settimana settimane mese mesi
        minuti minuto ora ore anno anni lunedì martedì mercoledì giovedì venerdì sabato domenica ieri domani
        oggi euro nn xkè cmq po
    """,
    "nl": """
        hallo dank bedankt graag aub groet mevrouw meneer ja nee nou hoor dag dagen week weken maand maanden
        minuten minuut uur jaar maandag dinsdag woensdag donderdag vrijdag zaterdag zondag gisteren vandaag
        morgen ie m'n z'n zo'n euro eens gewoon
    """,
    "tr": """
        merhaba selam lütfen teşekkür teşekkürler sağ olun iyi günler sayın bey hanım evet hayır ya yaa bi bir
        şey gün gündür hafta haftadır ay aydır yıl saat dakika pazartesi salı çarşamba perşembe cuma cumartesi
        pazar dün bugün yarın şimdi aynı günü gününde ikinci üçüncü birinci geldi geldim oldu ederim ediyorum
        istedim dedi dediler diyor diye tl lira var yok mi mı mu mü kadar gibi
    """,
    "ru": """
        здравствуйте привет спасибо пожалуйста добрый день да нет уже ещё еще это всё все очень просто день дня
        дней неделя недели неделю месяц месяца минут минуты час часа часов год лет понедельник вторник среда
        четверг пятница суббота воскресенье вчера сегодня завтра раз раза руб тенге
    """,
    "ar": """
        بيوم بيومين بنفس بنفسه كلهم جاي قالتلي يقولي إجا
        السلام عليكم مرحبا اهلا شكرا لو سمحت من فضلك ارجو الرجاء يرجى والله الله ياخي يا نعم لا مش مو مب موب ما
        مافي مافيش مفيش فيش في كان كانت كنت كل كله كلها اللي الي ده دا دي دول كده كدا كذا عشان علشان لأن لأنه
        لأنها لانو لأنو بس لسه لسا لسة برضو برضه كمان اوي أوي جدا جدًا خالص قوي كتير كثير مره مرة مرات شو ايش
        إيش وش ليش ليه ازاي كيف متى امتى وين فين هلا هلق الحين دلوقتي دلوقت بعدين طيب يعني خلاص لازم ممكن زي متل
        مثل عندي عندك عندكم معي معايا عليا علي عليه عليها مني منه منها منهم لي لنا لهم لها له فيه فيها به بها
        انا أنا احنا نحن انت انتم انتو هو هي هم هما حد حدا أحد احد شي شيء حاجة حاجه بدي بدنا ابي ابغى أبغى عايز
        عاوز تم قد لقد لم لن غير حتى لحد لين منذ من الى إلى على عن مع بين عند قبل بعد تحت فوق ورا هذا هذه ذلك
        تلك هاد هاي هيك اكثر أكثر اقل أقل تاني ثاني اخر آخر نفس نفسه قال قالت قالوا قالي قالولي قلت يقول يقولون
        اقول يوم يومين ايام أيام اسبوع أسبوع اسبوعين شهر شهرين شهور سنة سنه سنتين ساعة ساعه ساعات ساعتين دقيقة
        دقيقه دقايق دقائق اليوم امبارح بكرا بكرة الصبح الليل بليل الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعة
        السبت صار راح رح عم ربنا حق اي أي معاكم معاكو معاه معاها معاك معي بقى بقي بقيت محدش أخيرا اخيرا أخيراً
        تالت تلات ثالث رابع خامس ناس الناس قعدت بتاع بتاعت بتاعي بتاعكو حقي حقكم لها لينا كنا تكون يكون عملت
        راجع ريال درهم جنيه دينار واحد واحدة واحده اثنين ثلاث ثلاثة اربع أربع خمس خمسة عشر نص ربع
        بهذا بهذه لهذا لهذه يكن تكن يكونوا كن ربما ابدا الاطلاق اطلاقا حقا فعلا بالفعل انني اننا بانه بأنه بأن
        للغاية لمدة يوجد توجد بالنسبة المجمل بالمجمل عموما بكثير كثيرا جزيلا ببساطة يبدو تبدو اعتقد سوف قمت قمنا
        يقوم تقوم تقم يقم قام قاموا نقم تماما دائما دايما حوالي حوالى تقريبا خصوصا خصوصاً بالإضافة عبارة تجد يجد تجدون
    """,
    "fa": """
        کردن شدن دادن گفتن توانستن آمدن آقای
        سلام ممنون مرسی مرسي متشکرم تشکر لطفا لطفاً خواهشمندم خواهش ببخشید آقا خانم خانوم جان عزیز بله نه آره
        نخیر از به در را رو که این اون آن ایشون اینا اونا اینم اونم اینو اونو هم همه همش همین همون همون‌جا هر
        هیچ دیگه دیگر بازم باز خیلی یه یک یکی دو سه چهار پنج شش هفت هشت نه ده بیست واسه برا برای تو توی تا با بی
        اما ولی اگه اگر چون چرا چی چه چیه کی کجا کو پس بعد بعدش قبل الان حالا هنوز فقط حتی مثل مثلا یعنی آخه خب
        خوب‌ه بابا وای کاش شاید حتما باید نباید میشه نمیشه بشه نشه شد شده نشد نشده شدم شدن میشم بود بودم بودن
        بودند نبود هست هستم هستن نیست نیستم نیستن است باشه باشد باشین داره دارم دارن دارید دارین نداره ندارم
        نداشت داشت داشتم داشتن کرد کردم کردن کردند کرده کردید کردین کنم کنه کنن کنند کنید کنین کنیم میکنم میکنه
        میکنن میکنید نمیکنه نمیکنن گفت گفتم گفتن گفتند گفته میگم میگه میگن میگید بگم بگه بگن بگید رفت رفتم رفتن
        اومد اومدم اومدن میاد بیاد آمد داد دادم دادن دادند بده بدن بدید دادین زد زدم زدن زده شما ما من خودم خودش
        دستم بدستم دستمون بدستمون دستمان بدستمان بابت دردنکنه دردنکند نکنه دمتون دمشون دستتون دستشون
        خودتون خودت خودمون اونا آدم آدمو نفر بار دفعه تومن تومان ریال روز روزه امروز دیروز فردا هفته ماه ماهه
        سال ساله ساعت ساعته دقیقه شب صبح ظهر عصر شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه میخوام نمیخوام
        میخواد خواستم گذاشتم گذاشتن گذاشته ش شون تون مون ها های هایی می نمی ای اند ام ات اش خدا
    """,
    "zh": """
        你好 您好 谢谢 请 请问 麻烦 了 的 啊 吧 呢 吗 嘛 呀 哦 哈 真的 就是 还是 但是 可是 然后 现在 今天 昨天
        明天 一个 一下 一次 两 三 四 五 六 七 八 九 十 天 年 月 日 点 个 次 人 说 我 你 他 她 它 我们 你们 他们
        人家 自己 这 那 这个 那个 什么 怎么 没 没有 不 不是 是 有 在 也 都 就 又 再 才 还 很 太 非常 特别 给 让
        被 把 到 上 下 里 去 来 过 着 得 地 和 跟 要 想 会 能 可以
    """,
    "ja": """
        する した して しました します です ます でした ました ない ありません いる いた いて ある あった こと
        もの ため よう その この あの それ これ あれ そう どう とても すごく かなり もう まだ また でも しかし
        ただ ので のに から まで など だけ しか 今 今日 昨日 明日 時間 日 月 年 人 方 何 私 うち こちら さん 様
        ありがとう ございます ありがとうございます お願い お願いします いただき いただきました なっ なり なる
        なった 思い 思います 思う と の が を に は も で へ や か ね よ 前 後 中 もっと 一度 二度 何度 毎日
        本当 本当に
    """,
    "hi": """
        नमस्ते धन्यवाद कृपया जी हाँ हां नहीं मैं मैंने मुझे मेरा मेरी मेरे हम हमें हमारा हमारे आप आपका आपके आपकी
        वो वह यह ये उसने उन्होंने है हैं हूँ हूं था थी थे हो होता होती का की के को से में पर ने और या भी तो ही
        अब आज कल दिन दिनों हफ़्ते हफ्ते महीने महीना साल बजे घंटे मिनट बार बहुत कुछ कोई सब सभी एक दो तीन चार पांच
        पाँच छह सात आठ नौ दस लेकिन मगर पर क्या क्यों कैसे कब कहाँ जो जब तब अगर फिर बाद पहले तक कर करके करने करना
        किया की गया गई गए रहा रही रहे hai ka ki ke ho hi to bhi nahi mein se ko aur koi kya kar raha rahe मै
        वाले ही दिया दी दिए लिया ली लिए वाला वाली वाले बोला बताया आया आए बोले जा जाता सा
    """,
    "ur": """
        السلام علیکم شکریہ براہ کرم مہربانی جی ہاں نہیں میں میں‌نے مجھے میرا میری میرے ہم ہمیں ہمارا آپ آپ‌کا وہ
        یہ ہے ہیں ہوں ہو تھا تھی تھے کا کی کے کو سے پر نے اور یا بھی تو ہی اب آج کل دن ہفتے مہینے سال گھنٹے منٹ
        بار بہت کچھ کوئی سب ایک دو تین چار پانچ لیکن مگر کیا کیوں کیسے کب کہاں جو جب اگر پھر بعد پہلے تک کر کرنے
        کرنا کیا گیا گئی گئے رہا رہی رہے دیا دی دیے لیا لی لیے والا والی والے اس ان کہ جس اپنی اپنے اپنا ساتھ
        مجھ ہوا ہوئی ہوئے ہوتا کرتے صرف زیادہ کم
    """,
    "ko": """
        이 그 저 것 수 등 및 더 또 너무 정말 진짜 많이 아주 매우 좀 잘 못 안 왜 뭐 다 제가 저는 나는 우리 그리고
        그런데 하지만 근데 있어요 없어요 했어요 합니다 했습니다 입니다 감사합니다 안녕하세요 오늘 어제 내일
    """,
    "th": """
        ครับ ค่ะ คะ นะ นะคะ จ้า เลย มาก ๆ แต่ และ ที่ ก็ ไม่ ได้ ให้ มี เป็น ของ ใน จะ ไป มา กับ แล้ว ว่า นี้
        นั้น
    """,
}

ROMANISED_ADDED: Final[dict[str, str]] = {
    "ar": """
        el al il fel fil bel bil lel lil wel wil 3al fi fe fil w wa we b bi l ya ana enta enti inta ento e7na
        ehna howa heya huwa hiya homa da di de dah deh dol keda kda kidda mesh mish msh mu mo mub ma mafeesh
        mafish mafi kan kanet kol kull kel bas bs laken lakin 3ashan 3shan 3lshan 3la 3ala 3an mn men min ila
        ela leh lessa lsa lesa ba2a ba2alo awi awy gedan jidan jddan kteer ktir kamleh kaman tany tani law lw
        lamma lama ba3d abl 2abl 7ad 7aga shi shay wala wla walla wallah wallahi wallahy yalla ya3ni 3am ra7 3nd
        3andi 3andy 3ndi y2oly 2al 2olt yom youm ayam yoom shahr asboo3 asabee3 sa3a zay zy hay shu sho wesh wsh
        feen wein eh ah la2 la inno eno elly elli illi ely badi biddi abi mabi abgha mara marra mrra wa7ed wa7da
        el7een dlwa2ty delwa2ty kl m3 ma3 mb zayy
    """,
    "fa": """
        salam mersi merci mamnun mamnoon lotfan az be dar ro ra o va ke k in un oon ina una ye yek do se ham har
        hame hich hichi dige dg digeh baz faghat kheili kheyli khayli vali ama age agar chon ta ba bi vase
        baraye bara tu to too ru roo e a man ma shoma to khodam khodesh khodet khodetun chi che chera koja
        kojast ki pas bad baad ghabl alan hala hanooz hanuz hast hastam nist ast bud bood budam budan shod shode
        nashod nashode shodam mishe nemishe beshe kard kardam kardan karde kone konan konam konid mikone mikonan
        nemikone dare daram daran darim darid nadare nadaram goft goftam goftan mige migan migam rooz ruz mah
        mahe saal sal saat hafte shab daghighe emrooz emruz diruz farda baw agha khanom khanum biad umad oomad
        raft raftam raftan dad dadam dadan mide midan zad zadam bayad chand bar dafe nafar mano lol
    """,
}
