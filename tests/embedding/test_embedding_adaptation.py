import numpy as np
import pandas as pd
import pytest

from workbench.embedding import StaticEncoder
from workbench.embedding.training import continue_encoder
from workbench.errors import EncoderError, InputError

TERMS = [("الألياف", "ar", "fibre internet"), ("ترابرد", "fa", "mobile number portability"),
         ("باقة التجوال", "ar", "roaming data bundle"), ("光コラボ", "ja", "fibre internet reseller")]


@pytest.fixture(scope="module")
def adapted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapted")
    pd.DataFrame([*TERMS, ("", "fa", "nothing"), ("late", "ar", "late")],
                 columns=["term", "language", "english"]).to_csv(folder / "terms.csv", index=False)
    return continue_encoder(folder / "telecom.npz", glossary=folder / "terms.csv"), folder / "telecom.npz"


def test_every_term_comes_near_its_meaning(adapted):
    done, _ = adapted
    assert len(done.terms) == len(TERMS)
    assert (done.terms["after"] > 0.85).all()
    assert done.terms["before"].mean() < 0.6


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


def test_pairs_move_their_words_a_little(tmp_path):
    pd.DataFrame({"text": ["مودم نوری قطع شد"], "language": ["fa"], "english": ["the fibre router lost connection"]}
                 ).to_csv(tmp_path / "pairs.csv", index=False)
    done = continue_encoder(tmp_path / "m.npz", pairs=[tmp_path / "pairs.csv"])
    assert done.terms["after"].iloc[0] > done.terms["before"].iloc[0] + 0.05
    assert done.new_words == 0


def test_a_term_of_two_meanings_lies_between_them(tmp_path):
    pd.DataFrame([("ترابرد", "fa", "mobile number portability"), ("ترابرد", "fa", "wrong invoice")],
                 columns=["term", "language", "english"]).to_csv(tmp_path / "terms.csv", index=False)
    done = continue_encoder(tmp_path / "m.npz", glossary=tmp_path / "terms.csv")
    assert (done.terms["after"] > 0.55).all()
    assert float(np.ptp(done.terms["after"])) < 0.1
    weight = np.linalg.norm(StaticEncoder(tmp_path / "m.npz").table()[-1])
    assert weight > 0.5 * np.median(np.linalg.norm(StaticEncoder().table(), axis=1))


@pytest.mark.slow
def test_the_same_glossary_gives_the_same_file_whatever_its_order(adapted, tmp_path):
    _, file = adapted
    pd.DataFrame(TERMS[::-1], columns=["term", "language", "english"]).to_csv(tmp_path / "terms.csv", index=False)
    continue_encoder(tmp_path / "m.npz", glossary=tmp_path / "terms.csv")
    assert (tmp_path / "m.npz").read_bytes() == file.read_bytes()


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
