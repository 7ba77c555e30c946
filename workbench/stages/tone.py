"""The stage that tells the tone of statements."""

from __future__ import annotations

from typing import Any

from workbench.stages.embedding import encoder_identity
from workbench.stages.result import Result
from workbench.store import Store, Tables, array_digest, table_digest
from workbench.study import Study


def tone_digest() -> str:
    """Return a digest of the sentences and words that the shipped model is made of."""
    from workbench.insights.tone import shipped_digest

    return shipped_digest()


def tone_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the shipped model, the encoder, the statements and their vectors."""
    texts = tables["statements"][["statement_id", "text", "language"]]
    return [tone_digest(), encoder_identity(study), table_digest(texts), array_digest(tables["vectors"])]


def tell_tones(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``tone``, one row a statement, and ``tone_errors``, one a language."""
    from workbench.embedding import load_encoder
    from workbench.insights.tone import bearable_languages, load_shipped, measure_error, tell_tone

    shipped = load_shipped(load_encoder(study.encoder_name()), store.vectors)
    errors = measure_error(shipped.held_out)
    tone = tell_tone(tables["statements"], tables["vectors"], shipped.model, bearable_languages(errors))
    shares = tone["word"].value_counts(normalize=True)
    told = ", ".join(f"{shares.get(word, 0.0):.0%} {word}" for word in ("negative", "neutral", "positive", "uncertain"))
    return {"tone": tone, "tone_errors": errors}, {"told": told, "source": shipped.model.name}
