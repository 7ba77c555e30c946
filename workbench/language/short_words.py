"""Words of short feedback in languages of Latin letters: "ótimo", "arrived", "pünktlich".

A list of the commonest words knows few that tell praise and blame, and two words are too few for a detector. Words that
several of the languages share ("excelente", "entrega") stand under each.
"""

from __future__ import annotations

from typing import Final

from workbench.language.stop_lists import word_set

_EVERYWHERE: Final = word_set("ok okay super top")
SHORT_WORDS: Final[dict[str, frozenset[str]]] = {code: words | _EVERYWHERE for code, words in {
    "pt": word_set("""
        bom boa bons boas ótimo ótima ótimos ótimas otimo otima péssimo péssima pessimo pessima ruim ruins legal
        muito muita mto não nao gostei adorei amei curti recomendo recomendei recomendaria produto produtos pedido prazo
        loja entrega entregue entregaram entregou recebi recebido recebeu chegou chegaram veio vieram atendimento
        atendente qualidade preço preco rápido rápida rapido rapida perfeito perfeita excelente horrível horrivel
        decepcionado decepcionada decepção satisfeito satisfeita insatisfeito conforme esperado esperava prometido
        estabelecido estipulado estimado solicitado combinado aguardando defeito quebrado quebrada errado errada fraco
        demorou demora demorado atraso atrasou atrasado caro cara barato tudo certo certinho parabéns obrigado obrigada
        vale pena nada reclamar dentro antes correto correta indisponível fantástico maravilhoso maravilhosa ainda
        comprei compra comprar compraria veloz aplicativo conta cartão dinheiro suporte funciona péssimos espetacular
    """),
    "es": word_set("""
        bueno buena buenos buenas muy mal malo mala malos malas mejor peor pésimo pésima excelente perfecto perfecta
        rápido rápida rapido rapida lento lenta caro cara barato barata producto productos pedido tienda entrega
        entregado envío envio llegó llego llegaron recibí recibido atención atencion servicio calidad precio gracias
        recomiendo recomendable recomendado encantó encanta gustó gusta gusto contento contenta satisfecho satisfecha
        decepcionado decepcionada roto rota defectuoso tarde tiempo plazo nada todo todos bien cómodo fácil difícil
        aplicación cuenta tarjeta dinero devolución compra compré comprar volveré funciona amable amables trato
        horrible genial fantástico correcto correcta esperado conforme falta demora retraso según material
    """),
    "it": word_set("""
        buono buona buoni buone molto ottimo ottima ottimi ottime pessimo pessima pessimi bello bella brutto brutta
        perfetto perfetta veloce lento lenta caro cara economico prodotto prodotti ordine negozio consegna consegnato
        spedizione arrivato arrivata ricevuto assistenza servizio qualità prezzo prezzi grazie consiglio consigliato
        consigliatissimo soddisfatto soddisfatta deluso delusa rotto rotta difettoso tardi tempo tutto bene male
        facile difficile comodo gentile gentili personale applicazione conto carta soldi rimborso acquisto comprato
        funziona eccellente orribile fantastico corretto corretta ritardo rapida rapido puntuale
    """),
    "fr": word_set("""
        bon bonne bons bonnes très tres mauvais mauvaise mauvaises nul nulle parfait parfaite rapide lent lente cher
        chère produit produits commande magasin livraison livré livrée colis arrivé arrivée reçu reçue service qualité
        prix merci recommande recommandé déçu déçue décevant satisfait satisfaite cassé cassée abîmé abîmée défectueux
        retard temps tout bien mal facile difficile pratique aimable accueil personnel application compte carte argent
        remboursement achat acheté fonctionne excellent excellente horrible génial conforme rien
    """),
    "de": word_set("""
        gut gute guter gutes sehr schlecht schlechte schlechter schlechtes perfekt schnell schnelle langsam teuer
        günstig billig produkt ware bestellung laden lieferung geliefert versand paket angekommen erhalten service
        qualität preis danke empfehle empfehlenswert weiterempfehlen zufrieden unzufrieden enttäuscht kaputt defekt
        beschädigt spät pünktlich alles toll einfach schwierig freundlich unfreundlich personal beratung konto
        karte geld rückerstattung gekauft kauf funktioniert hervorragend schrecklich wieder gerne leider
    """),
    "nl": word_set("""
        goed goede zeer heel slecht slechte perfect snel snelle traag langzaam duur goedkoop product producten
        bestelling winkel levering geleverd bezorging bezorgd pakket aangekomen ontvangen service kwaliteit prijs
        bedankt dank aanrader tevreden ontevreden teleurgesteld kapot stuk defect beschadigd laat tijd alles prima
        fijn mooi makkelijk moeilijk vriendelijk onvriendelijk personeel klantenservice rekening geld terug gekocht
        werkt uitstekend verschrikkelijk helaas
    """),
    "en": word_set("""
        good great bad poor very best worst perfect fast quick slow expensive cheap product products order shop store
        delivery delivered shipping arrived package parcel received service quality price prices thanks thank
        recommend recommended love loved like happy unhappy disappointed satisfied broken defective damaged late time
        all nothing easy difficult friendly rude staff support app account card money refund bought purchase works
        working excellent horrible terrible awful amazing awesome nice value never again
    """),
    "tr": word_set("""
        iyi çok cok kötü kotu güzel guzel harika mükemmel berbat hızlı hizli yavaş yavas pahalı pahali ucuz ürün urun
        ürünler sipariş siparis mağaza magaza teslimat kargo geldi gelmedi ulaştı hizmet kalite kaliteli fiyat
        teşekkürler tesekkurler tavsiye ederim memnun memnunum memnunuz değilim beğendim begendim beğenmedim kırık
        kirik bozuk hasarlı geç gec zaman her şey sey kolay zor kibar kaba personel destek uygulama hesap kart para
        iade aldım aldim çalışıyor çalışmıyor süper gayet idare eder
    """),
}.items()}
