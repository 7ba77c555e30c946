import re

import pytest
import yaml

from workbench.errors import JourneyModelError, StudyError
from workbench.journey import load_journey_model, model_files
from workbench.journey.model import MODELS
from workbench.journey.parts import LANGUAGES
from workbench.stages.journey import placed_stages
from workbench.study import load_study

MINIMUM = {**dict.fromkeys(("en", "ar", "fa"), 10), **dict.fromkeys(("de", "fr", "es", "tr", "zh", "hi"), 5),
           **dict.fromkeys(("pt", "it", "nl", "ru", "ja"), 3)}
TOUCHPOINTS = """id: points
languages: [en]
touchpoints:
  - id: desk
    names: {en: Desk}
    definition: {en: Where people are received.}
    examples: {en: [the desk was closed]}
"""
STAGES = """id: own
languages: [en]
touchpoint_model: points.yaml
stages:
  - id: before
    names: {en: Before}
    definition: {en: First.}
    touchpoints: [desk]
    examples: {en: [we looked at the brochure]}
  - id: after
    names: {en: After}
    definition: {en: Last.}
    examples:
      en:
        - it broke after a week
"""


def write(folder, stages=STAGES, touchpoints=TOUCHPOINTS):
    (folder / "points.yaml").write_text(touchpoints, encoding="utf-8")
    (folder / "own.yaml").write_text(stages, encoding="utf-8")
    return folder / "own.yaml"


@pytest.mark.parametrize("name", ["seven_stages", "service_five"])
def test_shipped_models_are_complete(name):
    model = load_journey_model(name)
    for part in (*model.stages, *model.touchpoints):
        assert [code for code in LANGUAGES if not part.names.get(code)] == [], part.id
        assert all(part.definition.get(code) for code in ("en", "ar", "fa")), part.id
        own = model.examples[model.examples["id"] == part.id]
        counts = own.groupby("language").size()
        assert {code: least for code, least in MINIMUM.items() if counts.get(code, 0) < least} == {}, part.id


@pytest.mark.parametrize("name", ["seven_stages", "service_five"])
def test_no_example_stands_twice_and_each_touchpoint_has_a_stage(name):
    model = load_journey_model(name)
    assert not model.examples["text"].str.casefold().duplicated().any()
    assert {t for stage in model.stages for t in stage.touchpoints} == {part.id for part in model.touchpoints}


def test_shipped_files_are_all_read():
    assert {path.stem for path in MODELS.glob("*.yaml")} == {"seven_stages", "service_five", "touchpoints", "unrelated"}


def test_own_model_is_read_in_its_order_and_language(tmp_path):
    model = load_journey_model(write(tmp_path))
    assert [(stage.id, stage.order) for stage in model.stages] == [("before", 0), ("after", 1)]
    assert model.name("after", "en") == model.name("after", "ar") == "After"


def test_parts_without_an_english_name_have_one_for_every_report(tmp_path):
    stages = STAGES.replace("languages: [en]", "languages: [ar]").replace("{en: Before}", "{ar: قبل, fa: پیش}") \
        .replace("names: {en: After}", "names: {ar: بعد}")
    points = TOUCHPOINTS.replace("languages: [en]", "languages: [fa]").replace("{en: Desk}", "{fa: میز}")
    model = load_journey_model(write(tmp_path, stages, points))
    assert model.stage_table()[["stage_id", "name_ar", "name_en", "name_fa"]].values.tolist() == [
        ["before", "قبل", "قبل", "پیش"], ["after", "بعد", "بعد", "بعد"]]
    assert model.touchpoint_table()[["touchpoint_id", "name_en", "name_fa"]].values.tolist() == [["desk", "میز", "میز"]]
    assert (model.name("after", "de"), model.name("desk", "ar")) == ("بعد", "میز")


def test_stages_come_after_those_that_they_follow(tmp_path):
    own = STAGES.replace("id: before\n", "id: before\n    after: [after]\n")
    model = load_journey_model(write(tmp_path, own))
    assert [(stage.id, stage.order) for stage in model.stages] == [("after", 0), ("before", 1)]


def test_two_stages_in_a_circle_are_told(tmp_path):
    own = STAGES.replace("id: before\n", "id: before\n    after: [after]\n")
    own = own.replace("id: after\n", "id: after\n    after: [before]\n")
    with pytest.raises(JourneyModelError, match=r"own.yaml:6: stages follow each other in a circle \(before, after\)"):
        load_journey_model(write(tmp_path, own))


def test_a_journey_in_no_language_of_the_study_is_told(tmp_path):
    with pytest.raises(JourneyModelError, match=r"own.yaml:2: this model has examples in en only, .* but fa;"):
        load_journey_model(write(tmp_path), spoken=["fa", "und"])
    assert load_journey_model(write(tmp_path), spoken=["fa", "en"]).id == "own"
    assert load_journey_model(write(tmp_path), spoken=["und"]).id == "own"
    with pytest.raises(JourneyModelError, match=r"none of these but x000, x001, .* x011 and 988 more") as told:
        load_journey_model(write(tmp_path), spoken=[f"x{number:03d}" for number in range(1000)])
    assert len(str(told.value)) < 400


def test_a_study_in_a_language_without_shipped_examples_is_read_all_the_same():
    assert load_journey_model(spoken=["ko"]).id == "seven_stages"


@pytest.mark.parametrize(("text", "message"), [
    ("a text\n[before desk]\n", "en.txt:1: an example stands before the first heading"),
    ("[before desk]\na\n\n# b\n[befor -]\n", "en.txt:5: there is no stage 'befor' (did you mean 'before'?)"),
    ("[- dusk]\n", "en.txt:1: there is no touchpoint 'dusk' (did you mean 'desk'?)"),
    ("[before]\n", "en.txt:1: a heading names a stage and a touchpoint, such as [before -]"),
])
def test_further_examples_are_checked(tmp_path, text, message):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "en.txt").write_text(text, encoding="utf-8")
    with pytest.raises(JourneyModelError, match=re.escape(message)):
        load_journey_model(write(tmp_path, STAGES.replace("languages: [en]", "languages: [en]\nstatements: more")))


def test_further_examples_that_are_no_utf_8_are_told(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "de.txt").write_text("[before desk]\nzu spät\n", encoding="latin-1")
    with pytest.raises(JourneyModelError, match=r"de.txt cannot be read as UTF-8 text\."):
        load_journey_model(write(tmp_path, STAGES.replace("languages: [en]", "languages: [en]\nstatements: more")))


def test_further_examples_are_read_and_watched(tmp_path):
    (tmp_path / "more").mkdir()
    file = tmp_path / "more" / "fa.txt"
    text = "[before desk]\nدفترچه را دیدیم\n[- desk]\nمیز بسته بود\n[unrelated]\nهوا سرد است\n"
    file.write_text(text, encoding="utf-8")
    own = write(tmp_path, STAGES.replace("languages: [en]", "languages: [en]\nstatements: more"))
    more = load_journey_model(own).examples.query("language == 'fa' and text in ['دفترچه را دیدیم', 'میز بسته بود']")
    assert more[["kind", "stage_id", "touchpoint_id"]].to_numpy().tolist() == [
        ["stages", "before", "desk"], ["touchpoints", "", "desk"]]
    assert file in model_files(own)


@pytest.mark.parametrize(("text", "row"), [
    ("[- desk]\nIt broke after a week\n", ["after", "desk"]),
    ("[after desk]\nit broke after a week\n", ["after", "desk"]),
    ("[after -]\nthe desk was closed\n", ["after", "desk"]),
    ("[after -]\nso slow\n[- desk]\nSo slow\n", ["after", "desk"]),
    ("[after -]\ntell me a joke\n", ["after", ""]),
])
def test_an_example_of_a_stage_and_of_a_touchpoint_counts_for_both(tmp_path, text, row):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "en.txt").write_text(text, encoding="utf-8")
    model = load_journey_model(write(tmp_path, STAGES.replace("languages: [en]", "languages: [en]\nstatements: more")))
    told = text.splitlines()[1].casefold()
    own = model.examples[model.examples["text"].str.casefold() == told]
    assert own[["stage_id", "touchpoint_id"]].to_numpy().tolist() == [row]


def test_an_example_in_a_stage_and_a_touchpoint_of_one_file_teaches_both(tmp_path):
    points = TOUCHPOINTS.replace("the desk was closed", "the desk was closed, we looked at the brochure")
    examples = load_journey_model(write(tmp_path, touchpoints=points)).examples
    own = examples[examples["text"] == "we looked at the brochure"]
    assert own[["stage_id", "touchpoint_id"]].to_numpy().tolist() == [["before", "desk"]]


@pytest.mark.parametrize(("text", "message"), [
    ("[before -]\nso slow\n[after -]\nso slow\n", "en.txt:4: this example is given for 'before' too; keep it in one"),
    ("[before -]\n\nIt broke after a week\n", "en.txt:3: this example is given for 'after' too"),
    ("[after -]\nso slow\n[unrelated]\nSO slow\n", "en.txt:4: this example is given for 'after' too"),
    ("[- desk]\nso slow\n[unrelated]\nso slow\n", "en.txt:4: this example is given for 'desk' too"),
    ("[unrelated]\nthe desk was closed\n", "en.txt:2: this example is given for 'desk' too"),
])
def test_one_example_in_two_places_is_told_with_its_line(tmp_path, text, message):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "en.txt").write_text(text, encoding="utf-8")
    with pytest.raises(JourneyModelError, match=re.escape(message)):
        load_journey_model(write(tmp_path, STAGES.replace("languages: [en]", "languages: [en]\nstatements: more")))


def test_fingerprint_follows_the_content(tmp_path):
    first = load_journey_model(write(tmp_path)).fingerprint
    assert load_journey_model(write(tmp_path)).fingerprint == first
    assert load_journey_model(write(tmp_path, STAGES.replace("week", "month"))).fingerprint != first


@pytest.mark.parametrize(("old", "new", "message"), [
    ("    examples:\n      en:\n        - it broke after a week\n", "", "own.yaml:10: 'after' has no examples; write"),
    ("id: after", "id: before", "own.yaml:10: the id 'before' is given twice; ids must differ"),
    ("id: after", "id: desk", "own.yaml:10: 'desk' is a touchpoint's id too"),
    ("id: after", "id: 7", "own.yaml:10: an id must be text"),
    ("names: {en: After}", "names: {fr: Après}", "own.yaml:11: 'after' has no name in en; add it"),
    ("names: {en: After}", "names: After", "own.yaml:11: 'names' must be a mapping"),
    ("    names: {en: After}\n", "", "own.yaml:10: 'after' has no names"),
    ("touchpoints: [desk]", "touchpoints: [dusk]", "own.yaml:8: there is no touchpoint 'dusk' (did you mean 'desk'?)"),
    ("touchpoints: [desk]", "touchpoints: []", "points.yaml:4: the touchpoint 'desk' belongs to no stage; add it to"),
    ("touchpoints: [desk]", "touchpoints: desk", "own.yaml:8: 'touchpoints' must be a list"),
    ("    definition: {en: Last.}", "    defnition: {en: Last.}", "own.yaml:12: 'defnition' is not a setting (did you"),
    ("languages: [en]", "langages: [en]", "own.yaml:2: 'langages' is not a setting (did you mean 'languages'?)"),
    ("languages: [en]\n", "", "own.yaml:5: 'before' has no name in ar, fa"),
    ("        - it broke after a week", "        - 42", "own.yaml:15: expected text, found int; put it in quotes"),
    ("        - it broke after a week", "        - ' '", "own.yaml:15: expected text, found nothing; put it in quotes"),
    ("examples: {en: [we looked at the brochure]}", "examples: {en: []}", "own.yaml:9: 'before' has no examples in en"),
    ("examples: {en: [we looked at the brochure]}", "examples: {no: [vi så på brosjyren]}",
     "own.yaml:9: YAML reads a bare no, yes, on or off as true or false"),
    ("      en:\n", "      english:\n", "own.yaml:14: 'english' is no language; write its code, such as en or fa"),
    ("{en: Last.}", "{en: Last, of all}", "own.yaml:12: 'of all' is no language; put a text with a comma into quotes"),
    ("names: {en: After}", "names: {en: 7}", "own.yaml:11: expected text, found int; put it in quotes"),
    ("languages: [en]", "languages: en", "own.yaml:2: 'languages' must be a list, such as [en, fa]"),
    ("languages: [en]", "languages: [no]", "own.yaml:2: YAML reads a bare no, yes, on or off as true or false"),
    ("languages: [en]", "languages: [en, 1]", "own.yaml:2: 1 is no language; write its code, such as en or fa"),
    ("languages: [en]", "languages: [[en]]", "own.yaml:2: ['en'] is no language"),
    ("id: own", "id: [own]", "own.yaml:1: an id must be text"),
    ("names: {en: After}", "names: {en: [After]}", "own.yaml:11: expected text, found list; put it in quotes"),
    ("names: {en: After}", "names: {en: before }", "own.yaml:11: 'after' has the name of 'before'; give each its own"),
    ("names: {en: After}", "names: {en: ' '}", "own.yaml:11: 'after' has no name in en; add it"),
    ("id: after\n", "id: after\n    after: [{a: b}]\n", "own.yaml:11: 'after' must be a list of ids"),
    ("id: after", "id: all", "own.yaml:10: 'all' has a meaning of its own in tables; choose another id"),
    ("id: after", "id: '-'", "own.yaml:10: '-' has a meaning of its own in tables; choose another id"),
    ("id: after", "id: ' after'", "own.yaml:10: the id ' after' begins or ends with a space or holds a line break"),
    ("id: after", "id: unassigned", "own.yaml:10: 'unassigned' has a meaning of its own in tables; choose another id"),
    ("        - it broke after a week", "        - We looked at the brochure",
     "own.yaml:15: this example is given for 'before' too"),
    ("examples: {en: [we looked at the brochure]}", "examples: {en: we looked}", "own.yaml:9: examples of a language"),
    ("  - id: after", "  - text\n  - id: after", "own.yaml:10: expected a mapping with id"),
    ("id: after\n", "id: after\n    after: [begore]\n",
     "own.yaml:11: there is no stage 'begore' (did you mean 'before'?)"),
    ("id: after\n", "id: after\n    after: [after]\n",
     "own.yaml:11: stages follow each other in a circle (after); take one `after` out"),
    ("touchpoints: [desk]\n", "touchpoints: [desk]\n    after: before\n", "own.yaml:9: 'after' must be a list of ids"),
    ("languages: [en]", "languages: [en]\nstatements: more", "own.yaml:3: 'statements' must name a folder beside"),
    ("id: own", "id: own\nid: two", "own.yaml:2: 'id' is given twice"),
    ("id: own\n", "", "own.yaml:1: 'id' is missing"),
    ("points.yaml", "paints.yaml", "own.yaml:3: there is no touchpoint model 'paints.yaml'"),
    ("languages: [en]", "languages: [en", "own.yaml:3: this is not valid YAML"),
])
def test_errors_name_the_line(tmp_path, old, new, message):
    assert old in STAGES
    with pytest.raises(JourneyModelError, match=re.escape(message)):
        load_journey_model(write(tmp_path, STAGES.replace(old, new, 1)))


@pytest.mark.parametrize(("text", "message"), [
    ("- a\n", "own.yaml:1: expected `id:`"),
    ("id: own\nstages: some\n", "own.yaml:2: 'stages' must be a list"),
    ("id: own\n", "own.yaml:1: 'stages' is missing"),
])
def test_what_is_no_model_is_refused(tmp_path, text, message):
    with pytest.raises(JourneyModelError, match=re.escape(message)):
        load_journey_model(write(tmp_path, text))


def test_unknown_names_are_told():
    with pytest.raises(JourneyModelError, match=r"no journey model 'seven_stage' \(did you mean 'seven_stages'"):
        load_journey_model("seven_stage")
    with pytest.raises(JourneyModelError, match=r"'touchpoints'. Name a shipped one \(service_five, seven_stages\)"):
        load_journey_model("touchpoints")
    with pytest.raises(JourneyModelError, match="no stage or touchpoint 'usage'"):
        load_journey_model().name("usage")


def test_unrelated_sentences_are_in_all_languages():
    value = yaml.safe_load((MODELS / "unrelated.yaml").read_text(encoding="utf-8"))["examples"]
    assert set(value) == set(LANGUAGES)


EXTENDING = """id: mine
extends: own.yaml
languages: [en]
stages:
  - id: before
    definition: {en: Even before that.}
    words: {en: [leaflet]}
    examples: {en: [a leaflet lay in the hall]}
  - id: between
    names: {en: Between}
    definition: {en: In the middle.}
    after: [before]
    touchpoints: [van]
    examples: {en: [the van came round twice]}
touchpoints:
  - id: van
    names: {en: Van}
    definition: {en: What brings it.}
    examples: {en: [the van was late]}
"""


def extend(folder, text=EXTENDING):
    write(folder)
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return folder / "mine.yaml"


def test_a_model_extends_another(tmp_path):
    model = load_journey_model(extend(tmp_path))
    base = load_journey_model(tmp_path / "own.yaml")
    assert [stage.id for stage in model.stages] == ["before", "between", "after"]
    assert [stage.order for stage in model.stages] == [0, 1, 2]
    before = model.stages[0]
    assert (before.names, before.definition["en"]) == ({"en": "Before"}, "Even before that.")
    assert (before.touchpoints, before.words) == (("desk",), {"en": ["leaflet"]})
    assert [part.id for part in model.touchpoints] == ["desk", "van"]
    assert set(base.examples["text"]) < set(model.examples["text"])
    assert {"a leaflet lay in the hall", "the van was late"} <= set(model.examples["text"])
    assert model.fingerprint != base.fingerprint
    assert [file.name for file in model_files(tmp_path / "mine.yaml")] == ["mine.yaml", "own.yaml", "points.yaml",
                                                                             "unrelated.yaml"]


def test_an_example_of_the_extended_model_is_where_the_own_file_puts_it(tmp_path):
    text = EXTENDING.replace("a leaflet lay in the hall", "It broke after a week").replace(
        "the van was late", "it broke after a week")
    examples = load_journey_model(extend(tmp_path, text)).examples
    own = examples[examples["text"].str.casefold() == "it broke after a week"]
    assert own[["stage_id", "touchpoint_id"]].to_numpy().tolist() == [["before", "van"]]


def test_a_stage_of_the_extended_model_may_be_given_a_touchpoint_and_nothing_else(tmp_path):
    text = EXTENDING.replace("  - id: between\n", "  - id: after\n    touchpoints: [van]\n  - id: between\n")
    after = load_journey_model(extend(tmp_path, text)).stages[-1]
    assert (after.id, after.touchpoints, after.names) == ("after", ("van",), {"en": "After"})


@pytest.mark.parametrize(("old", "new", "message"), [
    ("extends: own.yaml", "extends: mine.yaml", "mine.yaml:2: a model cannot extend itself"),
    ("extends: own.yaml", "extends: owm.yaml", "mine.yaml:2: there is no journey model 'owm.yaml'"),
    ("extends: own.yaml", "extends: own.yaml\ntouchpoint_model: points.yaml", "mine.yaml:3: 'touchpoint_model' is not"),
    ("after: [before]", "after: [last]", "mine.yaml:12: there is no stage 'last' before this one"),
    ("    words: {en: [leaflet]}", "    after: [after]", "mine.yaml:7: 'before' keeps the place"),
    ("touchpoints: [van]", "touchpoints: [ven]", "mine.yaml:13: there is no touchpoint 'ven' .did you mean 'van'"),
    ("    touchpoints: [van]\n", "", "mine.yaml:15: the touchpoint 'van' belongs to no stage; .* in mine.yaml"),
    ("id: van", "id: after", "mine.yaml:16: 'after' is a stage's id too"),
    ("    names: {en: Van}\n", "", "mine.yaml:16: 'van' has no names"),
    ("    examples: {en: [the van came round twice]}\n", "", "mine.yaml:9: 'between' has no examples"),
])
def test_what_is_wrong_in_an_extending_model_is_told_with_its_line(tmp_path, old, new, message):
    assert EXTENDING.count(old) == 1
    with pytest.raises(JourneyModelError, match=message):
        load_journey_model(extend(tmp_path, EXTENDING.replace(old, new)))


def test_two_models_that_extend_each_other_are_told(tmp_path):
    file = extend(tmp_path)
    (tmp_path / "own.yaml").write_text("id: own\nextends: mine.yaml\n", encoding="utf-8")
    with pytest.raises(JourneyModelError, match="own\\.yaml:2: a model cannot extend itself"):
        load_journey_model(file)
    assert [path.name for path in model_files(file)] == ["mine.yaml", "own.yaml"]


def test_the_sample_brings_its_own_model():
    own, shipped = load_journey_model("data/sample/journey.yaml"), load_journey_model()
    assert [stage.id for stage in own.stages] == [stage.id for stage in shipped.stages]
    assert {part.id for part in own.touchpoints} == {part.id for part in shipped.touchpoints}
    more = own.examples[~own.examples["text"].isin(shipped.examples["text"])]
    for stage in own.stages:
        spoken = set(more.loc[more["id"] == stage.id, "language"])
        assert {"en", "ar", "fa"} <= spoken
        assert len(spoken) >= 6
        assert all(stage.names.get(language) for language in LANGUAGES)
    assert all(one.definition["ar"] != other.definition["ar"]
               for one, other in zip(own.stages, shipped.stages, strict=True))


def test_a_theme_placed_in_a_stage_that_is_none_is_told_with_the_line_of_its_rule(tmp_path):
    (tmp_path / "study.yaml").write_text("name: A\nfeedback: c.csv\ncodebook: book.yaml\n")
    (tmp_path / "book.yaml").write_text("rules:\n  - {place: 2, stages: [use, action]}\n")
    study, model = load_study(tmp_path / "study.yaml"), load_journey_model()
    assert placed_stages(study, model) == {2: ["action", "use"]}
    (tmp_path / "book.yaml").write_text("rules:\n  - pin: 2\n  - {place: 2, stages: [usage, action]}\n")
    with pytest.raises(StudyError, match=r"book.yaml:3: theme 2 is placed in 'usage', .* \(did you mean 'use'\?\)"):
        placed_stages(study, model)
