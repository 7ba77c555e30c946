import numpy as np
import pandas as pd
import pytest

from workbench.embedding import StaticEncoder
from workbench.embedding.model_file import read_model
from workbench.embedding.tokeniser import WORD_START
from workbench.embedding.training import continue_encoder
from workbench.errors import EncoderError, InputError

TERMS = [("الألياف", "ar", "fibre internet"), ("ترابرد", "fa", "mobile number portability"),
         ("باقة التجوال", "ar", "roaming data bundle"), ("光コラボ", "ja", "fibre internet reseller")]
TWO_MEANINGS = [("شارژینو", "fa", "prepaid credit bonus"), ("شارژینو", "fa", "wrong invoice")]
PAIR = ("مودمینو نوری قطع شد", "fa", "the light router lost connection")


def learn(folder, terms):
    """Return what an adaptation to a glossary and one pair changed, and the file that it wrote."""
    columns = ["term", "language", "english"]
    pd.DataFrame(terms, columns=columns).to_csv(folder / "terms.csv", index=False)
    pd.DataFrame([PAIR], columns=["text", *columns[1:]]).to_csv(folder / "pairs.csv", index=False)
    file = folder / "telecom.npz"
    return continue_encoder(file, glossary=folder / "terms.csv", pairs=[folder / "pairs.csv"]), file


@pytest.fixture(scope="module")
def adapted(tmp_path_factory):
    return learn(tmp_path_factory.mktemp("adapted"),
                 [*TERMS, *TWO_MEANINGS, ("", "fa", "nothing"), ("late", "ar", "late")])


def learnt(done, rows):
    """Return what an adaptation tells of some of its rows."""
    return done.terms[done.terms["term"].isin([term for term, *_ in rows])]


def test_every_term_comes_near_its_meaning(adapted):
    done, _ = adapted
    terms = learnt(done, TERMS)
    assert len(terms) == len(TERMS)
    assert (terms["after"] > 0.85).all()
    assert terms["before"].mean() < 0.6


def test_a_term_is_known_within_a_sentence_and_with_its_article(adapted):
    _, file = adapted
    before, after = StaticEncoder(), StaticEncoder(file)
    texts = ["چرا ترابرد من انجام نشد", "mobile number portability failed", "بالتجوال باقة غالية", "expensive roaming"]
    gain = [float(model.encode(texts)[0] @ model.encode(texts)[1]) for model in (before, after)]
    assert gain[1] > gain[0] + 0.2
    article = [float(after.encode(["الترابرد"])[0] @ model.encode(["الترابرد"])[0]) for model in (before, after)]
    assert article[1] == pytest.approx(1)


def test_all_else_is_the_same_bit_for_bit(adapted):
    done, file = adapted
    texts = ["die Rechnung ist falsch", "فاتورة غلط", "دیر رسید", "配達が遅い", "the courier was polite", "😡"]
    np.testing.assert_array_equal(StaticEncoder().encode(texts), StaticEncoder(file).encode(texts))
    assert done.rest["unchanged_share"].iloc[0] > 0.95


def test_rows_that_cannot_be_learnt_are_told(adapted):
    done, _ = adapted
    assert done.rejected["reason"].tolist() == ["empty_text", "wrong_script"]


def test_pairs_move_their_words_a_little_and_add_none(adapted):
    done, _ = adapted
    terms = learnt(done, [PAIR])
    assert terms["after"].item() > terms["before"].item() + 0.05
    assert done.new_words == len({term for term, *_ in [*TERMS, *TWO_MEANINGS]})


def test_a_term_of_two_meanings_lies_between_them(adapted):
    done, file = adapted
    terms = learnt(done, TWO_MEANINGS)
    assert (terms["after"] > 0.55).all()
    assert float(np.ptp(terms["after"])) < 0.1
    model = read_model(file.read_bytes(), file)
    weight = np.linalg.norm(model.table()[model.pieces.index(WORD_START + TWO_MEANINGS[0][0])])
    assert weight > 0.5 * np.median(np.linalg.norm(StaticEncoder().table(), axis=1))


@pytest.mark.slow
def test_the_same_glossary_gives_the_same_file_whatever_its_order(adapted, tmp_path):
    _, file = adapted
    _, again = learn(tmp_path, [*TERMS, *TWO_MEANINGS][::-1])
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(("content", "message"), [
    ("term,english\nx,y\n", "lacks language; a glossary has term, language, english"),
    ("term;language;english\nx;fa;y\n", "separated by commas. Its first line is read as: 'term;language;english'"),
    ("term,language,english\n,fa,\n", "No row can be learnt from"),
    (None, "cannot be read; a CSV file in UTF-8"),
])
def test_a_glossary_that_is_no_glossary_is_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / "terms.csv").write_text(content)
    with pytest.raises(InputError, match=message):
        continue_encoder(tmp_path / "m.npz", glossary=tmp_path / "terms.csv")


def test_nothing_given_is_an_error(tmp_path):
    with pytest.raises(InputError, match="Give a glossary"):
        continue_encoder(tmp_path / "m.npz")


def test_a_base_that_is_not_there_is_told(tmp_path):
    (tmp_path / "terms.csv").write_text("term,language,english\nالألياف,ar,fibre internet\n", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"no\.npz cannot be read"):
        continue_encoder(tmp_path / "m.npz", glossary=tmp_path / "terms.csv", base=tmp_path / "no.npz")
