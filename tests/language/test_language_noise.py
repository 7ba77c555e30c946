import pandas as pd
import pytest

from workbench.language import is_boilerplate, is_courtesy, profile_comments, says_nothing, split_statements


@pytest.mark.parametrize("text", [
    "", " ", "-", "—", ".", "...", "???", "/", "n/a", "N/A", "n.a.", "NA", "none", "None.", "nothing",
    "Nothing!", "nothign", "no comment", "No comments.", "no coment", "nil", "nope", "idk",
    "nothing at the moment", "no thanks", "don't know", "dont know", "k.A.", "k. A.", "nichts", "Nichts!!",
    "nix", "keine Angabe", "Kein Kommentar", "keine", "weiß nicht", "im Moment nichts",
    "rien", "RAS", "R.A.S.", "rien à signaler", "Rien a signaler", "aucun commentaire", "néant", "nada", "NADA",
    "ninguno", "sin comentarios", "no sé", "ns/nc", "nada a declarar", "sem comentários",
    "nenhum", "não sei", "niente", "nulla", "nessun commento", "boh", "niets", "geen", "n.v.t.",
    "geen opmerkingen", "yok", "YOK", "yorum yok", "hiçbir şey", "hicbir sey",
    "нет", "Нет.", "ничего", "не знаю", "нет комментариев", "لا شيء", "لا شئ", "لاشيء", "لا يوجد", "لايوجد",
    "لا يوجـد", "لا تعليق", "ما في شي", "مفيش", "مافي", "لا", "هیچی", "هيچي", "هیچ",
    "نظری ندارم", "نظري ندارم", "نظری ندارم.", "نظر خاصی ندارم ممنون", "نه", "ندارم", "بدون نظر", "کچھ نہیں",
    "کوئی تبصرہ نہیں", "कुछ नहीं", "कोई टिप्पणी नहीं", "नहीं", "无", "没有", "沒有", "没意见",
    "暂无", "なし", "特になし", "特に無し。", "特にありません", "わからない", "없음", "없습니다", "ไม่มี",
    "mafeesh", "hichi", "nazari nadaram", "x", "xxx", "asdf", "test",
])
def test_empty_answers_say_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", [
    "bad", "good", "ok", "fine", "slow", "price", "nothing works", "no service", "no internet", "no one came",
    "none of it works", "nothing but trouble", "10", "0", "5/10", "👍", "😡", "❤️",
    "schlecht", "nicht gut", "nichts geht", "kein Netz", "nie wieder", "keine Ahnung vom Netz haben die", "nul",
    "rien ne marche", "cher", "nada funciona", "malo", "caro", "ruim", "péssimo", "niente funziona",
    "lento", "slecht", "duur", "kötü", "internet yok", "pahalı", "дорого", "ничего не работает", "плохо", "سيء",
    "غالي", "ممتاز", "لا يعمل", "لا يوجد نت", "عالی", "بد", "گرون", "هیچی کار نمیکنه", "نظرم اینه که گرونه",
    "اینترنت ندارم", "خراب", "کوئی جواب نہیں دیتا", "خراب سروس", "बुरा", "महंगा", "नेट नहीं", "差", "慢",
    "没有信号", "太贵", "不好", "最悪", "高い", "遅い", "なしでは困る", "별로", "비싸요", "แพง", "RAM",
    "notting hill shop",
])
def test_short_comments_that_say_something_stay(text):
    assert not says_nothing(text)


def test_long_texts_are_never_nothing():
    assert not says_nothing("nothing " * 20)
    assert says_nothing(" " * 100)


@pytest.mark.parametrize("text", [
    "Sent from my iPhone", "sent from my Samsung Galaxy smartphone.", "Get Outlook for iOS",
    "Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone", "Inviato da iPhone", "Verzonden vanaf mijn iPhone", "iPhone'umdan gönderildi",
    "iPhone’dan gönderildi", "Отправлено с iPhone", "أرسلت من الايفون", "تم الإرسال من iPhone",
    "ارسال شده از آیفون",
    "发自我的iPhone", "iPhoneから送信", "मेरे iPhone से भेजा गया", "میرے iPhone سے بھیجا گیا",
    "나의 iPhone에서 보냄", "Thank you for completing the survey!", "Vielen Dank für Ihre Teilnahme.",
    "Merci d'avoir répondu à notre enquête",
    "Gracias por participar", "Obrigado por participar", "Grazie per aver partecipato",
    "Bedankt voor het invullen", "Ankete katıldığınız için teşekkürler", "Спасибо за участие", "شكرا لمشاركتك",
    "با تشکر از مشارکت شما",
    "感谢您的参与", "アンケートにご協力ありがとうございます",
    "This e-mail is strictly confidential and may be privileged.",
    "How likely are you to recommend us to a friend?", "此用户没有填写评价。",
])
def test_what_devices_and_surveys_write_is_boilerplate(text):
    assert is_boilerplate(text)


@pytest.mark.parametrize("text", [
    "", "-", "late", "The parcel was sent from Berlin", "I sent from my phone three e-mails, no answer",
    "sent from my old flat to the new one, lost!", "Gesendet wurde nichts", "Enviado tarde",
    "отправлено поздно",
    "از گوشی من خراب شد", "تم الإرسال متأخرا", "发货太慢", "送信できない", "thank you for nothing",
    "How likely is that?", "Danke", "спасибо", "感谢", "ممنون",
])
def test_what_customers_write_is_not(text):
    assert not is_boilerplate(text)


@pytest.mark.parametrize("text", [
    "Skip to main content", "Read more", "Share on Facebook", "© 2024 Acme Ltd. All rights reserved",
    "Home > Blog > VoC",
    "Weiterlesen", "Tous droits réservés", "Leer más", "Condividi su LinkedIn", "Lees verder", "Devamını oku",
    "Читать далее", "اقرأ المزيد", "جميع الحقوق محفوظة © 2023", "شارك على فيسبوك", "العودة إلى الأعلى", "المقال التالي",
    "ادامه مطلب", "تمامی حقوق این سایت محفوظ است", "دیدگاهتان را بنویسید", "پرش به محتوا", "阅读全文", "続きを読む",
])
def test_what_a_web_page_says_around_a_text_is_boilerplate(text):
    assert is_boilerplate(text)


@pytest.mark.parametrize("text", [
    "Read more than once, still no answer", "menu", "privacy policy", "share", "Home", "اقرأ", "ادامه دارد این مشکل",
    "التالي كان أسوأ", "مطلب شما را نخواندم",
])
def test_answers_that_sound_like_a_page_are_not(text):
    assert not is_boilerplate(text)


def test_duplicates_count_only_where_the_study_wants_it():
    comments = pd.DataFrame({"feedback_id": ["a", "b"], "text": ["too slow", "too slow!"], "duplicate_of": [None, "a"]})
    statements = split_statements(comments)
    assert profile_comments(comments, statements)["is_counted"].tolist() == [True, False]
    counted = profile_comments(comments, statements, count_duplicates=True)
    assert counted["is_counted"].tolist() == [True, True]
    assert counted["duplicate_of"].tolist()[1] == "a"


@pytest.mark.parametrize("text", [
    "Thank you and best regards", "Many thanks!", "Mit freundlichen Grüßen", "Vielen Dank für alles", "Merci beaucoup.",
    "Muchas gracias, un saludo", "Grazie mille, cordiali saluti", "Muito obrigado!", "Çok teşekkür ederim", "谢谢你们",
    "ありがとうございます", "با تشکر", "ممنون از شما", "دستتون درد نکنه", "خسته نباشید، موفق باشید",
    "شكرًا جزيلا لكم", "مع خالص التحية والتقدير",
    "السلام عليكم ورحمة الله وبركاته", "الله يعطيكم العافية", "बहुत बहुत धन्यवाद",
])
def test_courtesy_alone_is_known(text):
    assert is_courtesy(text)


@pytest.mark.parametrize("text", [
    "Thanks for the quick delivery", "Thanks for nothing", "Danke für die schnelle Lieferung", "ممنون بابت ارسال سریع",
    "شكرا للموظفين", "با تشکر از پیک", "very good", "خیلی زیاد بود", "جدا", "", "!", "نہیں شکریہ", "很好",
])
def test_what_thanks_are_for_is_no_courtesy_alone(text):
    assert not is_courtesy(text)
