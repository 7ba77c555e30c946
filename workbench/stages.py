"""What each stage reads and makes: its inputs, which key what is stored, and its computation.

The order of the stages stands in `workbench.analysis.analyse`. Each computation returns its tables and the figures
of this run, of which ``told`` is one line for the terminal.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.columns import COMMENTS, names
from workbench.errors import InputError
from workbench.store import Store, Tables, digest, file_digest, table_digest
from workbench.study import Study

if TYPE_CHECKING:
    from workbench.feedback.sources import Opened
    from workbench.language.glossary import Glossary

LABEL_LANGUAGES = ("en", "ar", "fa", "de", "fr", "es", "tr")
Result = tuple[Tables, dict[str, Any]]


def open_feedback(study: Study) -> list[Opened]:
    """Return the study's files and queries; a query is run here, once, because only its rows tell what changed."""
    from workbench.feedback import open_sources

    return open_sources(study.feedback, study.folder)


def feedback_inputs(opened: list[Opened], study: Study, tables: Tables | None = None) -> list[Any]:
    """Return the settings of the sources, who is forgotten, and the digest of each file and of each query's rows."""
    from workbench.feedback.forgotten import read_forgotten
    from workbench.feedback.sources import rows_digest

    forgotten = sorted(read_forgotten(study.forgotten_file).digests)
    digests = [[one.name, file_digest(one.file) if one.file is not None else rows_digest(one.read())]
               for one in opened]
    return [[source.model_dump(mode="json") for source in study.feedback], digests, forgotten]


def read_feedback(opened: list[Opened], study: Study, tables: Tables, store: Store) -> Result:
    """Return ``comments`` (with duplicates marked), ``rejected`` and ``numbers``."""
    from workbench.feedback import load_opened, mark_duplicates
    from workbench.feedback.forgotten import REASON, read_forgotten

    comments, rejected, numbers, _ = load_opened(opened, forgotten=read_forgotten(study.forgotten_file))
    if not len(comments):
        raise InputError(f"None of the {len(rejected)} rows can be used; run `voc check` on the file to see why.")
    readings = list(comments.attrs.get("readings", []))
    _check_expectations(study, comments)
    comments = comments.rename(columns={"duplicate_of": "duplicate_of_in_file"})
    comments = comments.assign(duplicate_of=mark_duplicates(comments))
    comments.attrs = {}
    told = f"{len(comments):,} comments, {len(rejected):,} rejected"
    told += f", {len(numbers):,} rows of numbers" if len(numbers) else ""
    facts = {"told": told, "readings": readings, "forgotten": int((rejected["reason"] == REASON).sum())}
    return {"comments": comments, "rejected": rejected, "numbers": numbers}, facts


def _check_expectations(study: Study, comments: pd.DataFrame) -> None:
    """An expectation that nothing can be compared with is a mistake in the study."""
    for dimension in study.expected:
        if dimension not in ("stage", "language") and dimension not in comments:
            raise InputError(f"the study expects shares by {dimension!r}, but no source has that column; map it under "
                             "`columns:`, or take the expectation out.")


def language_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return what splitting and counting look at, and no more of the comments than that."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "text", "language", "speaker", "duplicate_of") if name in comments]
    return [study.unit, study.insights.count_duplicates, glossary_digest(study), table_digest(comments[used])]


def split_comments(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``statements``, without those that no customer wrote, and one row a comment in ``profile``."""
    from workbench.language import drop_boilerplate, profile_comments, split_statements

    split = split_statements(tables["comments"], unit=study.unit)
    statements = drop_boilerplate(split)
    facts = {"told": f"{len(statements):,} statements in {statements['language'].nunique()} languages",
             "language_disagreements": int(split.attrs.get("language_disagreements", 0)),
             "boilerplate": len(split) - len(statements), "mistranslations": _mistranslations(study, statements)}
    profile = profile_comments(tables["comments"], statements, count_duplicates=study.insights.count_duplicates)
    return {"statements": statements, "profile": profile}, facts


def glossary_digest(study: Study) -> str:
    """Return a digest of the study's glossary, empty if it has none."""
    file = study.glossary_file
    return file_digest(file) if file is not None and file.is_file() else ""


def _glossary(study: Study) -> Glossary | None:
    from workbench.language import LANGUAGES, load_glossary

    return None if study.glossary_file is None else load_glossary(study.glossary_file, LANGUAGES)


def _mistranslations(study: Study, statements: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the known mistranslations that occur, with the comments that hold them, most first."""
    glossary = _glossary(study)
    if glossary is None:
        return []
    parts = zip(statements["feedback_id"], statements["text"], statements["language"], strict=True)
    rows = [(comment, concept, language, term) for comment, text, language in parts
            for concept, term in glossary.mistranslations(text, language)]
    found = pd.DataFrame(rows, columns=["comment", "concept", "language", "term"])
    counts = found.groupby(["concept", "language", "term"])["comment"].nunique().rename("comments").reset_index()
    counts = counts.sort_values(["comments", "concept", "language", "term"], ascending=[False, True, True, True])
    return [{str(name): value for name, value in row.items()} for row in counts.to_dict("records")]


def encoder_identity(study: Study) -> str:
    """Return what the vectors are keyed by."""
    from workbench.embedding import identify_encoder

    return identify_encoder(study.encoder_name())


def embedding_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the encoder, the names left out and the texts."""
    texts = tables["statements"][["statement_id", "text", "language"]]
    return [encoder_identity(study), study.names, table_digest(texts)]


def embed_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``vectors``, one a statement."""
    from workbench.embedding import embed_statements, load_encoder

    encoder = load_encoder(study.encoder_name())
    known = {"texts": 0, "known": 0}

    def note(done: int, total: int) -> None:
        if not known["texts"]:
            known.update(texts=total, known=done)

    vectors = embed_statements(tables["statements"], encoder, names=study.names, cache=store.vectors, progress=note)
    told = f"{known['texts']:,} distinct texts, {known['texts'] - known['known']:,} of them new"
    empty = int((np.abs(vectors).sum(axis=1) == 0).sum())
    return {"vectors": vectors}, {"told": told, "encoder": encoder.name, "identity": encoder.identity,
                                  "dimensions": encoder.dimensions, "without_vector": empty}


def theme_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of themes, the statements and their vectors."""
    return [study.themes.model_dump(mode="json"), study.insights.confidence, study.order_number,
            glossary_digest(study), table_digest(tables["statements"]),
            table_digest(tables["profile"]), _array_digest(tables["vectors"])]


def find_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``themes``, ``assignments``, ``terms``, ``labels`` and ``theme_centres``."""
    from workbench.themes import find_themes

    settings = study.themes
    counted = tables["profile"].set_index("feedback_id")["is_counted"]
    themes = find_themes(
        tables["statements"], tables["vectors"], seed=settings.seed, resolution=settings.resolution,
        minimum_size=settings.minimum_size, neighbours=settings.neighbours, floor=settings.floor,
        label_languages=LABEL_LANGUAGES, counted=counted,
        confidence=study.insights.confidence, glossary=_glossary(study), order_number=study.order_number,
    )
    assigned = float((themes.assignments["theme_id"] >= 0).mean())
    made: Tables = {"themes": themes.table, "assignments": themes.assignments, "terms": themes.terms,
                      "labels": themes.labels, "theme_centres": themes.vectors}
    told = f"{len(themes.vectors)} themes, {assigned:.0%} of statements assigned"
    return made, {"told": told, **themes.facts}


def journey_digest(study: Study) -> str:
    """Return a digest of the journey model's files."""
    from workbench.journey import model_files

    return digest([file_digest(path) for path in model_files(study.journey_model())])


def journey_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the journey model, the statements, their vectors and what their comments record."""
    comments = tables["comments"]
    used = [name for name in ("feedback_id", "touchpoint", "channel", "question") if name in comments]
    return [journey_digest(study), encoder_identity(study), study.insights.confidence,
            table_digest(comments[used]), table_digest(tables["statements"]), table_digest(tables["profile"]),
            _array_digest(tables["vectors"]), table_digest(tables["assignments"])]


def map_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return ``journey``, ``stage_sets``, ``touchpoints``, ``stage_shares`` and the model's ``stages``."""
    from workbench.embedding import load_encoder
    from workbench.journey import load_journey_model, map_journey
    from workbench.themes import Themes

    model = load_journey_model(study.journey_model())
    themes = Themes(tables["themes"], tables["assignments"], tables["terms"], tables["labels"], tables["theme_centres"])
    journey = map_journey(
        tables["statements"], tables["vectors"], themes, comments=tables["comments"], model=model,
        encoder=load_encoder(study.encoder_name()), confidence=study.insights.confidence,
        counted=tables["profile"].set_index("feedback_id")["is_counted"],
    )
    mapped = float((journey.assignments["stage_id"] != "unassigned").mean())
    made: Tables = {"journey": journey.assignments, "stage_sets": journey.sets, "touchpoints": journey.touchpoints,
                      "stage_shares": journey.table, "stages": model.stage_table()}
    return made, {"told": f"{mapped:.0%} of statements mapped to a stage", **journey.facts}


def insight_inputs(study: Study, tables: Tables) -> list[Any]:
    """Return the settings of insights and every table that they count."""
    counted = [tables["comments"], tables["profile"], tables["statements"], tables["themes"], tables["assignments"],
              tables["stage_sets"], tables["stages"]]
    return [study.insights.model_dump(mode="json"), study.expected, study.themes.seed, study.order_number,
            [table_digest(table) for table in counted]]


def tell_all(study: Study, tables: Tables, store: Store) -> Result:
    """Return coverage, scores, change over time, quotes and headlines."""
    from workbench import insights

    confidence = study.insights.confidence
    own_columns = [name for name in names(COMMENTS) if name in tables["comments"] and name != "language"]
    stated = tables["comments"][own_columns]
    everybody = stated.merge(tables["profile"], on="feedback_id")
    counted = everybody[everybody["is_counted"]].reset_index(drop=True)
    members = _members(tables["statements"], tables["assignments"], counted)
    own = tables["statements"][tables["statements"]["feedback_id"].isin(counted["feedback_id"])]
    stage_ids = list(tables["stages"]["stage_id"])
    parts = [insights.cover(counted, dict(study.expected), confidence),
             insights.cover_stages(tables["stage_sets"], own, stage_ids, len(counted),
                                   study.expected.get("stage"), confidence)]
    coverage = pd.concat(parts, ignore_index=True)
    scores = insights.score_all(counted, confidence)
    theme_scores = insights.score_themes(counted, members, confidence)
    compared = insights.compare_themes(counted, members)
    dated = "created_at" in counted
    periods = insights.share_by_period(counted, members, study.insights.period, confidence) if dated else \
        pd.DataFrame()
    stretches = insights.find_stretches(periods, study.themes.seed, confidence) if len(periods) else pd.DataFrame()
    quotes = insights.choose_quotes(tables["statements"], tables["assignments"], counted,
                                    order_number=study.order_number)
    headlines = insights.rank_headlines(tables["themes"], theme_scores, compared, stretches, coverage,
                                        minimum_cell=study.insights.minimum_cell)
    made: Tables = {"coverage": coverage, "scores": scores, "theme_scores": theme_scores,
                    "theme_comparison": compared, "members": members,
                      "periods": periods, "stretches": stretches, "quotes": quotes, "headlines": headlines}
    facts = {"told": f"{len(headlines)} findings from {len(counted):,} counted comments", "counted": len(counted),
             "comments": len(everybody), "says_nothing": int(everybody["says_nothing"].sum()),
             "duplicates": int(everybody["duplicate_of"].notna().sum()),
             "speaks_for_customers": int(everybody["speaks_for_customers"].sum())}
    return made, facts


def _members(statements: pd.DataFrame, assignments: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return one row a counted comment and theme."""
    joined = statements[["statement_id", "feedback_id"]].merge(assignments[["statement_id", "theme_id"]])
    joined = joined[joined["feedback_id"].isin(counted["feedback_id"])]
    pairs = joined[["feedback_id", "theme_id"]].drop_duplicates()
    return pairs.sort_values(["theme_id", "feedback_id"], ignore_index=True)


def _array_digest(array: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


