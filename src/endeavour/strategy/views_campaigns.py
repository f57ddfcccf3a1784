"""Campaigns: the page for everybody, promising and saying how it went, and the forms of those who keep one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from endeavour.core.public import Person, csv_response, entry, may, today
from endeavour.strategy import campaign_reading as reading
from endeavour.strategy import campaigns, language, presenters, queries
from endeavour.strategy.asking import ask, ask_anybody, signed_in
from endeavour.strategy.forms import Answers, Form, Question, day_typed
from endeavour.strategy.models import PledgeStep
from endeavour.strategy.views import as_at_of
from endeavour.strategy.views_forms import ask_for_version, form_view


def _page(key: str, part: str = "") -> str:
    return reverse("strategy:campaign", args=[key]) + (f"#{part}" if part else "")


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Every campaign known on a day."""
    day = as_at_of(request)
    context = {
        "as_at": day,
        "slider": presenters.slider(day),
        "campaigns": [(found, found.is_open(day)) for found in reading.campaigns(at=day)],
        "may_keep": may(signed_in(request), "strategy.campaign"),
    }
    return render(request, "strategy/campaigns.html", context)


@require_safe
def campaign(request: HttpRequest, key: str) -> HttpResponse:
    """One campaign on a day: both asks, what was promised and kept where, who owns it, what it hands out."""
    day = as_at_of(request)
    found = reading.campaign(key, at=day)
    owners = reading.owners_of(key, at=day)
    person = signed_in(request)
    keeps = may(person, "strategy.campaign")
    materials = {entry("material", f"{key}/{row.key}"): row for row in reading.materials_of(key, at=day)}
    made = language.variants_of_each({name: row.words for name, row in materials.items()})
    handed = [(row, made[name]) for name, row in materials.items()]
    context = {
        "as_at": day,
        "is_today": day == today(),
        "slider": presenters.slider(day),
        "campaign": found.now,
        "versions": found.versions,
        "is_open": found.is_open(day),
        "tally": (counted := reading.tally(found, at=day)),
        "gaps": [row.name for row in counted.places if row.code and row.is_gap],
        "bodies": _with_names(reading.shown(found, at=day, bodies=True)),
        "wall": reading.shown(found, at=day, bodies=False),
        "owners": owners,
        "without": reading.classes_without(owners, at=day),
        "materials": handed,
        "without_easy_read": [row.title for row, made in handed if not _has_easy_read(made)],
        "may_keep": keeps,
        "may_join": may(person, "strategy.join_campaign"),
        "may_vary": may(person, "strategy.variant"),
        "waiting": len(reading.waiting(found)) if keeps else 0,
    }
    return render(request, "strategy/campaign.html", context)


def _has_easy_read(made: list[language.Offered]) -> bool:
    return any(v.variant.kind == "easy_read" and not v.is_stale for v in made)


def _with_names(rows: list[reading.Taken]) -> list[tuple[str, reading.Taken]]:
    names = queries.body_names()
    return [(names.get(row.pledge.body, row.pledge.body), row) for row in rows]


@require_safe
def campaign_csv(request: HttpRequest, key: str) -> HttpResponse:
    """A line a place and side; an empty number is one that is not known."""
    day = as_at_of(request)
    found = reading.campaign(key, at=day)
    header = ["place", "code", "side", "promised", "kept", "kept_in_part", "not_kept", "nobody_said", "per_10000_residents", "illustrative"]  # fmt: skip
    return csv_response(f"{key}-{day}.csv", header, _csv_rows(found, day))


def _csv_rows(found: reading.Running, day: date) -> Iterator[list[object]]:
    for row in reading.tally(found, at=day).places:
        for side, count in (("residents", row.residents), ("services", row.services)):
            rate = f"{row.per_10000:.1f}" if side == "residents" and row.per_10000 is not None else ""
            illustrative = "yes" if found.now.is_illustrative else "no"
            yield [row.name, row.code, side, count.promised, count.kept, count.partly, count.not_kept, count.unsaid, rate, illustrative]  # fmt: skip


@require_safe
def material_text(request: HttpRequest, key: str, material: str) -> HttpResponse:
    """What a campaign hands out, as plain text."""
    del request
    found = reading.material(key, material)
    return HttpResponse(f"{found.title}\n\n{found.words}\n", content_type="text/plain; charset=utf-8")


@form_view
def make_pledge(request: HttpRequest, key: str) -> HttpResponseBase:
    """Promise something: no name, no sign-in; somebody of a partner may promise for it, or hand in promises from paper."""
    found = reading.campaign(key)
    person = signed_in(request)
    helps = may(person, "strategy.join_campaign")
    for_body = helps and request.GET.get("for") == "body"
    ways = found.ways("services" if for_body else "residents")
    places = tuple((code, name) for code, name in queries.places().items())
    groups = tuple(reading.group_names().items())
    questions = [
        Question("way", "What will we do?" if for_body else "What will you do?", "choice",
                 options=(("", "Choose one, or write your own below"), *((w["key"], w["words"]) for w in ways))),
        Question("words", "In your own words, if you like", "area",
                 hint="Please leave out names, addresses and telephone numbers. We show it once somebody has read it."),
        Question("place", "Where?", "choice", options=(("", "I would rather not say, or everywhere"), *places)),
    ]  # fmt: skip
    if for_body:
        bodies = tuple(sorted(queries.body_names().items(), key=lambda pair: pair[1]))
        questions.append(Question("body", "Which body promises it?", "choice", options=bodies, need="Choose a body."))  # fmt: skip
    else:
        questions.append(
            Question("group", "Do you belong to one of these groups?", "choice",
                     hint="You need not say. We never publish a small number.",
                     options=(("", "I would rather not say, or none of them"), *groups))
        )  # fmt: skip
    if helps:
        questions.append(Question("people", "How many promised this?", "number", hint="For promises gathered on paper. Leave it empty for one."))  # fmt: skip
    form = Form(
        title="What will we do?" if for_body else "What will you do?", button="Promise this",
        intro=found.now.services_ask if for_body else found.now.residents_ask,
        back=(_page(key), found.now.title), questions=tuple(questions),
    )  # fmt: skip

    def publish(given: Answers) -> str:
        made = campaigns.pledge(
            by=person if helps else None, key=key, way=given["way"], words=given["words"], place=given["place"],
            group=given.get("group", ""), body=given.get("body", ""), people=int(given.get("people") or 1),
        )  # fmt: skip
        return reverse("strategy:pledge", args=[made.receipt])

    return ask_anybody(request, form, publish)


@require_safe
def find_pledge(request: HttpRequest) -> HttpResponse:
    """Go to what a receipt stands for."""
    receipt = request.GET.get("receipt", "").strip().upper()
    return redirect("strategy:pledge", receipt=receipt or "-")


@never_cache
@require_safe
def pledge(request: HttpRequest, receipt: str) -> HttpResponse:
    """One promise, for whoever holds its receipt."""
    found = reading.pledge_of(receipt)
    context = {
        "taken": found,
        "campaign": reading.campaign(found.pledge.campaign).now,
        "went": PledgeStep.Kind(found.went).label if found.went else "",
        "body": queries.body_names().get(found.pledge.body, ""),
        "place": queries.places().get(found.pledge.place, ""),
    }
    return render(request, "strategy/pledge.html", context)


@form_view
def say_how(request: HttpRequest, receipt: str) -> HttpResponseBase:
    """Whoever holds the receipt says how it went."""
    found = reading.pledge_of(receipt)
    page = reverse("strategy:pledge", args=[found.pledge.receipt])
    form = Form(
        title="How did it go?", button="Send", intro=found.words, back=(page, "What you promised"),
        questions=(
            Question("kind", "How did it go?", "choice", need="Choose one.",
                     options=tuple((k.value, k.label[:1].upper() + k.label[1:]) for k in reading.SAYS_HOW)),
            Question("words", "Anything to add, in one line", hint="We do not publish this. Leave out names and numbers."),
        ),
    )  # fmt: skip

    def publish(given: Answers) -> str:
        campaigns.say_how_it_went(
            by=signed_in(request), receipt=receipt, kind=given["kind"], words=given["words"]
        )
        return page

    return ask_anybody(request, form, publish)


@require_http_methods(["GET", "HEAD", "POST"])
def pledges_to_read(request: HttpRequest, key: str) -> HttpResponse:
    """The secretariat reads promises in people's own words, and shows each or says why not."""
    person = signed_in(request)
    queries.require_to("strategy.campaign", person)
    found = reading.campaign(key)
    if request.method == "POST":
        number, show = request.POST.get("number", ""), request.POST.get("show") == "yes"
        campaigns.read_pledge(
            by=person, number=int(number) if number.isdecimal() else 0, show=show,
            words=request.POST.get("why", ""),
        )  # fmt: skip
        messages.success(request, "It is shown." if show else "It is not shown, and counts no more.")
        return redirect("strategy:pledges-to-read", key)
    waiting = [(row, queries.places().get(row.pledge.place, "")) for row in reading.waiting(found)]
    context = {"campaign": found.now, "waiting": waiting}
    return render(request, "strategy/pledges_to_read.html", context)


@form_view
def keep_campaign(request: HttpRequest, key: str = "") -> HttpResponseBase:
    """Begin a campaign, or say one anew."""
    now = reading.campaign(key).now if key else None
    promises = tuple((s.ref, f"{s.ref}: {s.paraphrase or s.words}"[:110]) for s in queries.statements("we"))
    form = Form(
        title=f"Change {now.title}" if now else "Begin a campaign", button="Publish this campaign",
        back=(_page(key), now.title) if now else ("/campaigns", "Campaigns"),
        public_words=("words", "residents_ask", "services_ask", "covenant"),
        questions=(
            Question("title", "What is it called?", need="Give it a title."),
            Question("words", "What is it about?", "area", need="Say what it is about."),
            Question("residents_ask", "What do we ask of residents?", "area", need="Say what is asked of residents."),
            Question("services_ask", "What is asked of services and partners?", "area", need="Say what is asked of services."),
            Question("covenant", "What do both sides agree?", "area", need="Say what both sides agree."),
            Question("ways", "What can people promise?", "area", need="Give at least one way for each side.",
                     hint="One a line, such as residents: I will walk to the shop, or services: We will open a room."),
            Question("ref", "Which promise does it serve?", "choice", options=promises, need="Choose a promise."),
            Question("starts_on", "Its first day", "day", need="Give its first day."),
            Question("ends_on", "The day on which it has ended, if it has one", "day"),
            Question("source", "Where can it be checked?", need="Say where it can be checked."),
        ),
    )  # fmt: skip
    if now:
        texts = ("title", "words", "residents_ask", "services_ask", "covenant", "ref", "source")
        form = form.filled(
            {name: getattr(now, name) for name in texts}
            | {"ways": "\n".join(f"{way['side']}: {way['words']}" for way in now.ways)}
            | day_typed("starts_on", now.starts_on)
            | day_typed("ends_on", now.ends_on)
        )

    def publish(person: Person, given: Answers) -> str:
        ways = campaigns.read_ways(given.pop("ways"), known=now.ways if now else ())
        made = campaigns.keep_campaign(by=person, key=key, ways=ways, **given)
        return _page(made.key)

    return ask(request, form, publish, action="strategy.campaign")


@form_view
def join(request: HttpRequest, key: str) -> HttpResponseBase:
    """A body becomes an owner of the campaign, or leaves it."""
    found = reading.campaign(key)
    bodies = tuple(sorted(queries.body_names().items(), key=lambda pair: pair[1]))
    form = Form(
        title=f"Own {found.now.title}", button="Sign for this body", intro=found.now.covenant,
        back=(_page(key, "owners"), found.now.title),
        questions=(
            Question("body", "Which body?", "choice", options=bodies, need="Choose a body."),
            Question("brings", "What does it bring, in one line?"),
            Question("leaves", "It owns the campaign no longer", "yes"),
        ),
    )  # fmt: skip

    def publish(person: Person, given: Answers) -> str:
        campaigns.join_campaign(by=person, key=key, **given)
        return _page(key, "owners")

    return ask(request, form, publish, action="strategy.join_campaign")


@form_view
def keep_material(request: HttpRequest, key: str, material: str = "") -> HttpResponseBase:
    """Publish something that the campaign hands out, or another version of it."""
    found = reading.campaign(key)
    now = reading.material(key, material) if material else None
    form = Form(
        title=f"Change {now.title}" if now else "Add something to hand out", button="Publish this",
        back=(_page(key, "materials"), found.now.title), public_words=("words",),
        intro="It is shown on the page, prints on paper and comes as plain text. Add Easy Read and translations after.",
        questions=(
            Question("title", "What is it called?", need="Give it a title."),
            Question("words", "Its words", "area", need="Write its words."),
        ),
    )  # fmt: skip
    if now:
        form = form.filled({"title": now.title, "words": now.words})

    def publish(person: Person, given: Answers) -> str:
        campaigns.keep_material(by=person, key=key, material=material, **given)
        return _page(key, "materials")

    return ask(request, form, publish, action="strategy.campaign")


@form_view
def material_version(request: HttpRequest, key: str, material: str) -> HttpResponseBase:
    """Publish an Easy Read version or a translation of something that the campaign hands out."""
    found = reading.material(key, material)
    return ask_for_version(
        request, entry("material", f"{key}/{material}"), found.words, title=f"{found.title} for another audience",
        intro=f"Made from these words: {found.words}", back=(_page(key, "materials"), "The campaign"),
    )  # fmt: skip
