"""What the surveys asked, in the languages of the study, and what each question was collected for."""

from __future__ import annotations

PURPOSE = {"q1": "relationship survey", "q2": "relationship survey", "q3": "service visit survey",
           "q4": "product planning"}

QUESTIONS = {
    "en": ("Why did you give this score?", "What is the one thing we should do better?",
           "How did the visit or delivery go?", "Which feature would you like next?"),
    "fa": ("چرا این امتیاز را دادید؟", "مهم‌ترین چیزی که باید بهتر کنیم چیست؟",
           "مراجعه یا تحویل چطور بود؟", "دوست دارید قابلیت بعدی چه باشد؟"),
    "ar": ("ما سبب إعطائك هذه الدرجة؟", "ما أهم شيء علينا تحسينه؟",
           "كيف كانت الزيارة أو عملية التوصيل؟", "ما الميزة التي تودّ أن نضيفها؟"),
    "de": ("Was ist der Grund für Ihre Bewertung?", "Was sollten wir vor allem besser machen?",
           "Wie lief der Besuch oder die Lieferung?", "Welche Funktion wünschen Sie sich als nächste?"),
    "fr": ("Pourquoi avez-vous donné cette note ?", "Que devrions-nous améliorer en priorité ?",
           "Comment s'est passée la visite ou la livraison ?", "Quelle fonction aimeriez-vous voir arriver ?"),
    "es": ("¿Por qué nos ha puesto esta nota?", "¿Qué deberíamos mejorar antes que nada?",
           "¿Qué tal fue la visita o la entrega?", "¿Qué función le gustaría tener?"),
    "it": ("Perché ha dato questo voto?", "Che cosa dovremmo migliorare per prima?",
           "Com'è andata la visita o la consegna?", "Quale funzione vorrebbe in futuro?"),
    "pt": ("Porque deu esta nota?", "O que devemos melhorar em primeiro lugar?",
           "Como correu a visita ou a entrega?", "Que funcionalidade gostaria de ter a seguir?"),
    "nl": ("Waarom geeft u deze score?", "Wat kunnen we het beste als eerste verbeteren?",
           "Hoe verliep het bezoek of de bezorging?", "Welke functie wilt u graag als volgende?"),
    "tr": ("Bu puanı neden verdiniz?", "Öncelikle neyi daha iyi yapmalıyız?",
           "Ziyaret ya da teslimat nasıl geçti?", "Sırada hangi özelliği görmek istersiniz?"),
    "ru": ("Почему вы поставили такую оценку?", "Что нам стоит улучшить в первую очередь?",
           "Как прошёл визит или доставка?", "Какой функции вам не хватает?"),
    "zh": ("您为什么打这个分数？", "我们最应该改进什么？", "这次上门或配送怎么样？", "您希望我们下一步增加什么功能？"),
    "ja": ("この点数をつけた理由を教えてください。", "一番改善してほしい点は何ですか。",
           "訪問または配達はいかがでしたか。", "次に欲しい機能は何ですか。"),
    "hi": ("आपने यह अंक क्यों दिया?", "हमें सबसे पहले क्या सुधारना चाहिए?",
           "विज़िट या डिलीवरी कैसी रही?", "आप आगे कौन-सी सुविधा चाहेंगे?"),
}


def question_text(question: str, language: str) -> str:
    """Return the wording of q1 to q4, or nothing where no question was asked."""
    return QUESTIONS[language][int(question[1]) - 1] if question else ""
