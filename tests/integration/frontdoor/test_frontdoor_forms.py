"""Help in other forms and other words: filters, languages, Easy Read, what things are for, and the editors' queue."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from endeavour.core.public import Person, Role, today
from endeavour.errors import BadInput
from endeavour.frontdoor import assets, chain, explaining, queries, readability, renditions
from endeavour.frontdoor.languages import languages, read_languages
from endeavour.frontdoor.models import Particular, Rendition, SearchTally, Service
from endeavour.frontdoor.wishes import Asked, narrowed

pytestmark = pytest.mark.django_db


def page(address: str, **given: str) -> str:
    response = Client().get(address, given)
    assert response.status_code == 200, address
    return response.content.decode()


def found_with(words: str, **wishes: str) -> tuple[queries.Found, int]:
    asked = Asked(q=words, **wishes)
    return narrowed(queries.find_help(words, near=asked.near, limit=20), asked, limit=5)


def test_a_distance_leaves_out_what_is_further_but_never_what_comes_to_you(directory: int) -> None:
    found, _ = found_with("mum keeps falling", near="Tilbury", within="2")
    shown = [s for _, group in found.rungs for s in group]
    assert shown
    for one in shown:
        assert one.service.setting in {"phone", "online", "home"} or (one.hit.miles or 0) <= 2


def test_an_access_wish_is_met_by_what_places_say_and_silence_is_counted(directory: int) -> None:
    found, unsaid = found_with("somewhere to sit and read", access="hearing")
    for _, group in found.rungs:
        for one in group:
            places = Particular.objects.filter(
                kind="accessibility", location__offers__service=one.service
            ).values_list("value", flat=True)
            said = " ".join(str(v["description"]) for v in places)
            assert one.service.setting in {"phone", "online", "home"} or "loop" in said.casefold()
    assert unsaid > 0, "some places have told us nothing"
    assert f"{unsaid} more may suit you" in page(
        "/find-help/search", q="somewhere to sit and read", access="hearing"
    )


def test_a_language_is_met_by_a_speaker_or_an_interpreter(directory: int) -> None:
    found, _ = found_with("learn English", language="Polish")
    keys = [s.service.given_id for _, group in found.rungs for s in group]
    assert "esol" in keys
    spoken = {
        key: [str(p.value) for p in Service.objects.get(given_id=key).particulars.filter(kind="languages")]
        for key in keys
    }
    assert all("Polish" in " ".join(said) or "'mul'" in " ".join(said) for said in spoken.values())


@pytest.mark.parametrize(
    "wish", [{"access": "step_free"}, {"language": "Polish"}, {"within": "2", "near": "Grays"}]
)
def test_no_wish_takes_a_crisis_card_or_its_services_away(wish: dict[str, str], directory: int) -> None:
    shown = page("/find-help/search", q="I want to die", free="yes", open="yes", age="70", **wish)
    assert "If you want to die" in shown
    assert "/service/samaritans" in shown


@pytest.mark.parametrize("given", [{"age": "²"}, {"age": "old"}, {"within": "-3"}, {"age": "121"}])
def test_a_number_that_is_none_is_refused_in_words(given: dict[str, str], directory: int) -> None:
    response = Client().get("/find-help/search", {"q": "falls", **given})
    assert response.status_code == 422
    assert "Write a whole number" in response.content.decode()


def test_an_answer_has_an_address_that_gives_it_again(directory: int) -> None:
    first = page("/find-help/search", q="mum keeps falling", near="Tilbury", free="yes")
    link = re.search(r'href="(/find-help/search\?[^"]+)">Link to these', first)
    assert link is not None
    again = Client().get(link[1].replace("&amp;", "&")).content.decode()
    services = re.compile(r'<h3><a href="(/service/[\w-]+)"')
    assert services.findall(first) == services.findall(again)


def test_an_empty_search_counts_nothing_and_helps(directory: int) -> None:
    assert "Write what you need in the box" in page("/find-help/search", q="   ")
    assert not SearchTally.objects.exists()


def test_spelling_that_was_mended_is_shown(directory: int) -> None:
    assert "We read this as: <strong" in page("/find-help/search", q="toothake")


def test_a_search_asks_the_database_few_questions(directory: int) -> None:
    queries.index()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(
            "/find-help/search", q="mum keeps falling", near="Tilbury", access="step_free", language="Polish"
        )
    assert len(asked) <= 16, [q["sql"][:90] for q in asked]


@pytest.mark.parametrize("code", ["ar", "pl", "pt", "tr"])
def test_each_language_marks_its_parts_and_says_it_is_a_draft(code: str, directory: int) -> None:
    language = languages()[code]
    shown = page("/find-help/search", q="falls", lang=code)
    assert f'<div lang="{code}" dir="{language.direction}">' in shown
    assert "drafted by machine" in shown
    assert language.labels["ask"] in shown
    body = shown[shown.index("<body") :]
    assert body.index(language.labels["emergency_heading"]) < body.index("Call 999") < body.index("<main")
    for words in re.findall(r"<h3>(.*?)</h3>", shown):
        assert shown.index('<div lang="en-GB" dir="ltr">\n  <h3>' + words) > 0, (
            "a service's English is marked so"
        )


def test_arabic_is_read_from_the_right() -> None:
    assert {code: one.direction for code, one in languages().items()} == {
        "en": "ltr", "ar": "rtl", "pl": "ltr", "pt": "ltr", "tr": "ltr",
    }  # fmt: skip


def test_a_checked_language_loses_its_notice() -> None:
    draft = languages()["pl"]
    assert draft.draft
    assert not replace(draft, checked_by="A speaker", checked_on=date(2026, 11, 20)).draft


def test_a_language_that_lacks_a_label_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from endeavour.frontdoor import languages as module

    given = module.read_yaml(module.folder_of("mse") / "languages.yaml")
    del given["tr"]["labels"]["ask"]
    monkeypatch.setattr(module, "read_yaml", lambda path: given)
    read_languages.cache_clear()
    with pytest.raises(BadInput, match="tr lacks ask"):
        read_languages("mse")
    read_languages.cache_clear()


def test_every_topic_is_named_in_every_language() -> None:
    from endeavour.frontdoor.presenters import topics

    keys = {t["key"] for t in topics()}
    assert all(set(one.topics) == keys for one in languages().values() if not one.is_english)


def test_the_packs_renditions_are_of_the_words_as_they_stand(directory: int) -> None:
    stale = [(f.subject, f.kind, renditions.version_of(f.subject)) for f in renditions.every() if f.late]
    assert stale == [], "read these again, then write this source_version in renditions.yaml"


def test_a_rendition_says_when_it_is_late_and_when_its_source_moved_on(directory: int) -> None:
    Rendition.objects.filter(subject="topic:falls").update(
        review_by=date(2026, 1, 1), reviewed_on=date(2025, 1, 1), source_version="older"
    )
    shown = page("/find-help/form/topic/falls/easy_read/en")
    assert "It was due to be read again" in shown
    assert "has changed since" in shown
    assert "Nobody who uses this form has checked it yet" in shown
    assert "Drafted by machine" in page("/find-help/topic/falls") or "a draft" in page(
        "/find-help/topic/falls"
    )


def test_loading_renditions_again_changes_nothing(directory: int) -> None:
    before = sorted(Rendition.objects.values_list("pk", "subject", "words"))
    assert renditions.load_renditions("mse") == len(before)
    assert sorted(Rendition.objects.values_list("pk", "subject", "words")) == before


def test_a_service_offers_each_form_it_has_and_says_that_it_is_a_draft(directory: int) -> None:
    shown = page("/service/falls_clin")
    for form in ("easy_read/en", "translation/ar", "translation/pl", "translation/pt", "translation/tr"):
        assert f'href="/find-help/form/service/falls_clin/{form}"' in shown
        assert "Nobody who uses this form has checked it yet" in page(
            f"/find-help/form/service/falls_clin/{form}"
        )
    assert "These are drafts. Nobody who uses them has checked them yet." in shown
    assert "in other forms" not in page("/service/telecare")
    of_services = [form for form in renditions.every() if form.part == "service"]
    assert len({form.key for form in of_services}) >= 6
    assert all(form.draft for form in of_services)


def test_a_form_in_arabic_is_marked_so(directory: int) -> None:
    shown = page("/find-help/form/page/how-it-works/translation/ar")
    assert '<ul class="fd-easy" lang="ar" dir="rtl">' in shown


def test_every_kind_of_help_is_signed_in_date_and_leads_to_services(directory: int) -> None:
    for kind in explaining.kinds():
        assert not kind.overdue(today()), kind.key
        assert len(explaining.examples(kind)) == len(kind.examples), kind.key
        assert readability.measure(f"{kind.used_for} {kind.get_in} {kind.expect} {kind.cannot}").age <= 12, (
            kind.key
        )
        assert kind.cannot in page(f"/find-help/how-it-works/{kind.key}").replace("&#x27;", "'")


def test_the_chain_is_sourced_and_blames_nobody() -> None:
    held = chain.chain()
    assert not held.overdue(today())
    shown = page("/find-help/what-shapes-health")
    for link in held.links:
        for told in link.statements:
            assert told.source in shown.replace("&#x27;", "'")
    with pytest.raises(BadInput, match="no source"):
        chain._statement({"words": "Money matters.", "of_whom": "all", "as_of": "2021", "source": ""})
    with pytest.raises(BadInput, match="puts the cause in the person"):
        chain._statement({"words": "Lifestyle choices.", "of_whom": "all", "as_of": "2021", "source": "x"})
    with pytest.raises(BadInput, match="of whom"):
        chain._statement({"words": "Money matters.", "of_whom": "", "as_of": "2021", "source": "x"})


def test_a_districts_assets_are_gentle_and_each_counted_once(directory: int) -> None:
    held = assets.assets_in("E06000034")
    listed = [s.given_id for _, services in held.groups for s in services]
    assert len(listed) == len(set(listed)) == held.count > 20
    assert all(s.rung in {"self", "community"} for _, services in held.groups for s in services)
    assert any("Tilbury" in door for door in held.doors)
    assert not any("Chelmsford" in door for door in held.doors)


def test_a_shared_screen_clears_itself_only_after_an_answer(directory: int) -> None:
    client = Client()
    assert "Refresh" not in client.get("/find-help/kiosk")
    answer = client.post("/find-help/kiosk", {"q": "lonely"})
    assert answer["Refresh"] == "180; url=/find-help/kiosk"
    assert answer["Cache-Control"] == "no-store"
    shown = answer.content.decode()
    assert "Give me more time" in shown
    links = re.findall(r'href="(/[^"#]*)"', shown[shown.index("<main") :])
    assert set(links) == {"/find-help/kiosk"}, "nothing leads away from the shared screen"
    card = shown[shown.index('id="emergency-card"') : shown.index("<main")]
    assert '<a href="/find-help/kiosk" rel="noreferrer nofollow">Leave this page quickly</a>' in card


def test_the_editors_queue_names_words_and_what_to_say(directory: int) -> None:
    assert Client().get("/find-help/readability").status_code == 302
    resident = Person.objects.create_user(username="r", password="a-long-password-1", role=Role.RESIDENT)
    editor = Person.objects.create_user(username="p", password="a-long-password-1", role=Role.PARTNER)
    client = Client()
    client.force_login(resident)
    assert client.get("/find-help/readability").status_code == 403
    client.force_login(editor)
    shown = client.get("/find-help/readability").content.decode()
    assert "Instead of ‘multidisciplinary’ try ‘different kinds of staff’" in shown
    assert "Drafted by machine" in shown or "Nobody who uses this form" in shown
    rows = client.get("/find-help/readability", {"as": "csv"}).content.decode().splitlines()
    assert rows[0].startswith("service,name,reading_age")
    assert any("multidisciplinary: different kinds of staff" in row for row in rows)


def test_a_person_publishes_a_form_that_is_signed_and_dated(directory: int) -> None:
    address = "/find-help/forms/service/falls_clin"
    whole = {"kind": "easy_read", "language": "en", "author": "Our readers' group", "review_by": "2099-01-01",
             "words": "You can get help.\nSomebody comes to you.", "link": ""}  # fmt: skip
    partner = Person.objects.create_user(username="p", password="a-long-password-1", role=Role.PARTNER)
    editor = Person.objects.create_user(username="s", password="a-long-password-1", role=Role.SECRETARY)
    client = Client()
    client.force_login(partner)
    assert client.post(address, whole).status_code == 403
    client.force_login(editor)
    for wrong, said in [
        ({"author": ""}, "who made it"),
        ({"review_by": "2020-01-01"}, "after today"),
        ({"link": "https://example.org/film"}, "not both"),
        ({"words": "", "link": "javascript:alert(1)"}, "https://"),
        ({"language": "x'y"}, "short name"),
        ({"kind": "song"}, "which form"),
    ]:
        refused = client.post(address, whole | wrong)
        assert refused.status_code == 422
        assert said in refused.content.decode()
    assert "Somebody comes to you." in refused.content.decode(), "nothing typed is lost"
    assert client.post(address, whole)["Location"] == "/service/falls_clin"
    assert "Somebody comes to you." in page("/find-help/form/service/falls_clin/easy_read/en")
    assert "Easy Read" in page("/service/falls_clin")
    Service.objects.filter(given_id="falls_clin").update(description="New words.")
    assert "has changed since" in page("/find-help/form/service/falls_clin/easy_read/en")
    for nothing in ("service/no_such", "page/no-such", "planet/mars"):
        assert client.get(f"/find-help/forms/{nothing}").status_code == 404
    assert client.post("/find-help/forms/service/no_such", whole).status_code == 404
