"""Safety content: signed, in date, additive, and every control of the hazard log held by a test that exists."""

from __future__ import annotations

import ast
import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from endeavour.core.public import today
from endeavour.errors import BadInput
from endeavour.frontdoor import safety as module
from endeavour.frontdoor.crisis_words import Listener, Phrase, read_phrase, read_phrases
from endeavour.frontdoor.explaining import read_kinds
from endeavour.frontdoor.languages import read_languages
from endeavour.frontdoor.models import Location
from endeavour.frontdoor.oruk.export import location_record
from endeavour.frontdoor.packfiles import folder_of, read_directory
from endeavour.frontdoor.safety import numbers_apart, read_safety

ROOT = Path(__file__).parents[3]
SAFETY = read_safety("mse")
HAZARDS = yaml.safe_load((folder_of("mse") / "hazards.yaml").read_text(encoding="utf-8"))
CRISIS = ROOT / "tests/spec/frontdoor/crisis.csv"
# Everyday questions written to sound like a crisis ('dying to join a choir'), before any was tried.
ALIKE = CRISIS.with_name("alike.csv")
DOCUMENT = ROOT / "docs/clinical-safety/README.md"


def named_tests() -> list[str]:
    return [
        test for hazard in HAZARDS["hazards"] for control in hazard["controls"] for test in control["tests"]
    ]


@pytest.mark.parametrize("name", named_tests())
def test_every_control_names_a_test_that_exists_and_runs(name: str) -> None:
    path, function = name.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
    assert len(found) == 1
    marks = ast.dump(ast.Module(found[0].decorator_list, []))  # type: ignore[arg-type]
    assert "skip" not in marks
    assert "xfail" not in marks


def test_every_hazard_is_whole_and_in_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for hazard in HAZARDS["hazards"]:
        assert set(hazard) == {"id", "hazard", "cause", "severity", "likelihood", "controls"}
        assert hazard["controls"]
        assert 1 <= hazard["severity"] <= 5
        assert 1 <= hazard["likelihood"] <= 5
        assert hazard["id"] in text


def test_all_safety_content_is_in_date() -> None:
    assert SAFETY.overdue(today()) == []
    assert [k.key for k in read_kinds("mse") if k.overdue(today())] == []
    assert today() <= HAZARDS["review_by"]


def test_overdue_content_warns_on_the_page() -> None:
    from django.template.loader import render_to_string

    late = replace(SAFETY.emergency, review_by=date(2020, 1, 1))
    assert late.overdue(today())
    assert "due for review on 1 January 2020" in render_to_string(
        "frontdoor/emergency.html", {"card": late, "overdue": True}
    )
    topic = replace(SAFETY.topics[0], review_by=date(2020, 1, 1))
    context = {"topic": topic, "overdue": [topic.key], "lines_overdue": [topic.key], "safety": SAFETY}
    page = render_to_string("frontdoor/topic_card.html", context)
    assert "due for review on 1 January 2020" in page
    assert "longer ago than we promise" in page


def test_crisis_lines_are_promised_every_thirty_days() -> None:
    assert SAFETY.lines_recheck_days <= 30
    assert not SAFETY.lines_overdue(SAFETY.lines_checked_on)
    assert SAFETY.lines_overdue(date(2099, 1, 1))


def test_unsigned_content_is_refused() -> None:
    row = {"author": "", "source": "x", "reviewed_on": date(2026, 1, 1), "review_by": date(2027, 1, 1)}
    with pytest.raises(BadInput):
        module._signed(row)


def test_pins_and_vetoes_name_services_that_exist_and_never_clash() -> None:
    held = {s.document.id for s in read_directory("mse").services}
    for topic in SAFETY.topics:
        assert set(topic.pinned) <= held
        assert topic.pinned
        assert topic.never <= held
        assert not topic.never & set(topic.pinned)


@pytest.mark.parametrize(
    ("words", "key"),
    [("I want to kill myself", "suicide"), ("I don't want to be here anymore", "suicide"), ("dont want to be here", "suicide"),
     ("she took too many tablets", "overdose"), ("chest pain", "stroke"), ("can’t breathe", "breathing"),
     ("a child is being hurt", "child_danger"), ("I was raped", "sexual_violence"), ("sleeping in my car", "homeless_tonight"),
     ("boss keeps my passport", "slavery"), ("baby is floppy", "baby_ill"), ("MY HUSBAND BEATS ME", "domestic_abuse")],
)  # fmt: skip
def test_a_phrase_adds_its_card(words: str, key: str) -> None:
    assert key in [t.key for t in SAFETY.topics_in(words)]


@pytest.mark.parametrize("words", ["mum keeps falling", "help paying heating", "ear wax", "bus pass", ""])
def test_everyday_words_add_no_card(words: str) -> None:
    assert SAFETY.topics_in(words) == []


@given(st.sampled_from(SAFETY.listener.phrases), st.text(max_size=40), st.text(max_size=40))
def test_more_words_never_take_a_topic_away(phrase: Phrase, before: str, after: str) -> None:
    assert phrase.topic in SAFETY.listener.topics_in(f"{before} {phrase.example} {after}")


def phrasings() -> list[tuple[str, str, str]]:
    with CRISIS.open(encoding="utf-8", newline="") as handle:
        return [(r["topic"], r["language"], r["words"]) for r in csv.DictReader(handle)]


@pytest.mark.parametrize("topic", [*(t.key for t in SAFETY.topics), "none"])
def test_what_people_write_in_a_crisis_brings_its_card(topic: str) -> None:
    asked = [(language, words) for about, language, words in phrasings() if about == topic]
    brought = {words: [t.key for t in SAFETY.topics_in(words)] for _, words in asked}
    if topic == "none":
        assert len(asked) >= 60
        assert {words for words, keys in brought.items() if keys} == set()
    else:
        assert len(asked) >= 80
        assert {language for language, _ in asked} == {"en", "pl", "pt", "tr", "ar"}
        assert {words for words, keys in brought.items() if topic not in keys} == set()


def test_few_everyday_questions_bring_a_card_that_does_not_help_them() -> None:
    asked = []
    for name in ("heldout.csv", "residents.csv"):
        with (CRISIS.parent / name).open(encoding="utf-8", newline="") as handle:
            asked += [(r["query"], set(r["any_of"].split())) for r in csv.DictReader(handle)]
    stray = [
        words for words, wanted in asked for t in SAFETY.topics_in(words)[:1] if not wanted & set(t.pinned)
    ]
    assert len(stray) <= len(asked) / 50, stray


def test_what_only_sounds_like_a_crisis_seldom_brings_a_card() -> None:
    with ALIKE.open(encoding="utf-8", newline="") as handle:
        asked = [r["query"] for r in csv.DictReader(handle)]
    assert len(asked) >= 500
    brought = [words for words in asked if SAFETY.topics_in(words)]
    assert len(brought) <= len(asked) / 20, brought


@pytest.mark.parametrize(
    ("words", "topic"),
    [("i am SUICIDLE", "suicide"), ("overdosd on pills", "overdose"), ("domestic voilence", "domestic_abuse"),
     ("boje sie meza", "domestic_abuse"), ("kocam beni dovuyor", "domestic_abuse"), ("violencia domestica", "domestic_abuse"),
     ("زَوْجِي يَضْرِبُنِي", "domestic_abuse"), ("ＩＷＡＮＴ to die I want to die", "suicide")],
)  # fmt: skip
def test_slips_and_missing_accents_are_heard(words: str, topic: str) -> None:
    assert topic in [t.key for t in SAFETY.topics_in(words)]


def test_the_cards_of_other_topics_seldom_stand_beside_the_right_one() -> None:
    asked = [(topic, words) for topic, _, words in phrasings() if topic != "none"]
    beside = [words for topic, words in asked for t in SAFETY.topics_in(words) if t.key != topic]
    assert len(beside) <= len(asked) / 8


def test_a_phrase_needs_its_words_in_order_and_near() -> None:
    listener = Listener([read_phrase("t", "want die", {}), read_phrase("u", "my + anger", {})])
    assert listener.topics_in("want to really die") == {"t"}
    assert listener.topics_in("die want") == set()
    assert listener.topics_in("want a b c die") == set()
    assert listener.topics_in("my husbands anger") == set()
    assert listener.topics_in("my anger") == {"u"}


def test_the_two_sides_of_a_phrase_may_stand_in_either_order() -> None:
    listener = Listener(read_phrases("t", "drank|ate & bleach", {}))
    assert listener.topics_in("she drank some bleach") == listener.topics_in("bleach, he ate it") == {"t"}
    assert listener.topics_in("bleach") == set()


def test_a_short_stem_of_another_language_does_not_hide_a_slip() -> None:
    listener = Listener([read_phrase("t", "domestic abuse", {}), read_phrase("u", "dom* nie", {})])
    assert listener.topics_in("domestick abuse") == {"t"}


@pytest.mark.parametrize("line", ["<nobody> hits", "*", "a ||", "..."])
def test_a_phrase_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        read_phrase("t", line, {})


def test_a_topic_without_phrases_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="Every crisis topic needs its phrases"):
        module._listener("mse", {"suicide"})


def test_numbers_count_from_five() -> None:
    listener = Listener([read_phrase("t", "took NUM tablets", {})])
    assert [listener.topics_in(f"took {n} tablets") for n in ("2", "7", "20")] == [set(), {"t"}, {"t"}]


def test_what_leads_to_a_card_is_pinned_under_it_and_never_vetoed() -> None:
    held = {s.document.id for s in read_directory("mse").services}
    for topic in SAFETY.topics:
        assert topic.leads <= set(topic.pinned)
        assert not topic.leads & topic.never
    assert SAFETY.only_when_said <= held
    suicide = next(t for t in SAFETY.topics if t.key == "suicide")
    assert SAFETY.led_to([], "samaritans") == [suicide]
    assert SAFETY.led_to([suicide], "rough") == [suicide]


@pytest.mark.parametrize(
    ("words", "kept_back"),
    [("I hit my wife and want to stop", False), ("my anger at home", False), ("uderzyłem żonę", False),
     ("my boyfriend hits me", True), ("my husband's anger", True), ("moj facet mnie leje", True), ("", True)],
)  # fmt: skip
def test_a_programme_for_those_who_hurt_is_only_for_who_says_so(words: str, kept_back: bool) -> None:
    assert ("perp" in SAFETY.kept_back(SAFETY.topics_in(words), words)) == kept_back


def test_a_topic_vetoes_whatever_was_said_of_oneself() -> None:
    words = "I hit my wife back because my husband beats me"
    assert "perp" in SAFETY.kept_back(SAFETY.topics_in(words), words)


def test_phrases_are_reviewed_in_time() -> None:
    given_words = yaml.safe_load((folder_of("mse") / "crisis-words.yaml").read_text(encoding="utf-8"))
    assert given_words["reviewed_on"] <= today() <= given_words["review_by"]


def test_no_words_of_ours_ask_symptoms_or_reassure() -> None:
    words = [SAFETY.emergency.words, *(t.words for t in SAFETY.topics)]
    words += [f"{r.what} {r.expect} {r.cannot} {r.skip}" for r in SAFETY.ladder.rungs]
    words += [f"{k.used_for} {k.get_in} {k.expect} {k.cannot} {k.rights}" for k in read_kinds("mse")]
    templates = Path(module.__file__).parent / "templates/frontdoor"
    words += [
        re.sub(r"{[%{].*?[%}]}|<[^>]*>", " ", p.read_text(encoding="utf-8")) for p in templates.glob("*.html")
    ]
    banned = re.compile(
        r"you (do not|don't) need (to see|a doctor|an ambulance|help)|nothing to worry|probably (not|just)|unlikely to be|"
        r"do you have (any )?(pain|fever|a rash|symptoms)|how bad is|on a scale of|no need to (call|see)", re.I)  # fmt: skip
    for text in words:
        assert not banned.search(text), banned.search(text)


def test_every_language_gives_the_same_emergency_numbers() -> None:
    for code, language in read_languages("mse").items():
        words = language.labels["emergency_words"]
        called = [number for _, number in numbers_apart(words) if number]
        assert called[:2] == ["999", "111"], code
        assert "55" in words
        assert "999" in language.labels["emergency_heading"]
        assert "999" in language.skips.get("urgent", "999")
    english = read_languages("mse")["en"].labels
    assert (english["emergency_heading"], english["emergency_words"]) == (
        SAFETY.emergency.heading,
        SAFETY.emergency.words,
    )


def test_numbers_become_links_and_nothing_is_lost() -> None:
    for topic in [SAFETY.emergency, *SAFETY.topics]:
        assert "".join(piece for piece, _ in numbers_apart(topic.words)) == topic.words
    assert ("0808 2000 247", "08082000247") in next(
        t for t in SAFETY.topics if t.key == "domestic_abuse"
    ).parts


def test_a_confidential_place_is_exported_without_name_address_or_position() -> None:
    place = Location(
        name="Safe house", latitude=51.5, longitude=0.5, is_confidential=True, extra={"addresses": "x"}
    )
    assert set(location_record(place)) == {"id", "location_type", "description", "endeavour"}


def test_services_given_are_the_services_kept(shared: Path) -> None:
    given_rows = (shared / "conformance/frontdoor/services.csv").read_text(encoding="utf-8")
    assert (folder_of("mse") / "services.csv").read_text(encoding="utf-8") == given_rows
