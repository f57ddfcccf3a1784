"""One way of asking on the web: type, check your answers, publish. What is typed is kept on every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from endeavour.core.public import Person, slow_down
from endeavour.errors import BadInput, Conflict
from endeavour.strategy import drafts, language, queries
from endeavour.strategy.forms import Answers, Form


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def say_how_it_reads(request: HttpRequest, text: str) -> None:
    """Tell whoever published words which of them are hard; what was published stays published."""
    for warning in language.check_words(text).warnings[:6]:
        messages.warning(request, warning)


def ask(
    request: HttpRequest,
    form: Form,
    publish: Callable[[Person, Answers], str],
    *,
    action: str,
    more: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """Show the form, its check page, or publish it; `publish` does the work and says where to go.

    The field `step` says what is wanted: check (when nothing is said), publish, change, save, autosave or discard. A
    refusal comes back at its question with everything that was typed, and the draft stays until it is published.
    """
    queries.require_to(action, person := signed_in(request))
    assert person is not None
    address = request.get_full_path()
    if request.method != "POST":
        draft = drafts.draft_of(person, address)
        filled = form.filled(draft.values["typed"]) if draft else form
        return _page(request, filled, draft_at=draft.saved_at if draft else None, more=more)
    step = request.POST.get("step", "check")
    if step == "discard":
        drafts.forget_draft(person, address)
        return redirect(address)
    form = form.filled({name: ",".join(request.POST.getlist(name)) for name in form.names})
    saved = drafts.save_draft(person, address, form.title, form.typed)
    if step == "autosave":
        return HttpResponse(status=204)
    if step == "save":
        messages.success(request, "Kept for you. Nobody else can see it until you publish it.")
        return redirect(form.back[0])
    if step == "change":
        return _page(request, form, draft_at=saved.saved_at, more=more)
    answered = _answered(request, form, lambda answers: publish(person, answers), step, more)
    if isinstance(answered, HttpResponse):
        return answered
    there, answers = answered
    drafts.forget_draft(person, address)
    if said := " ".join(str(answers[name]) for name in form.public_words if answers.get(name)):
        say_how_it_reads(request, said)
    messages.success(request, "Published. What was there before is kept in the history.")
    return redirect(there)


def ask_anybody(request: HttpRequest, form: Form, publish: Callable[[Answers], str]) -> HttpResponseBase:
    """Ask somebody who need not sign in: type, check, send. Nothing is kept until it is sent, and not too much an hour."""
    more = {"anybody": True}
    if request.method != "POST":
        return _page(request, form, more=more)
    step = request.POST.get("step", "check")
    form = form.filled({name: ",".join(request.POST.getlist(name)) for name in form.names})
    if step == "change":
        return _page(request, form, more=more)
    if step == "publish":
        slow_down(request, "strategy")
    answered = _answered(request, form, publish, step, more)
    return answered if isinstance(answered, HttpResponse) else redirect(answered[0])


def _answered(
    request: HttpRequest,
    form: Form,
    publish: Callable[[Answers], str],
    step: str,
    more: Mapping[str, object] | None,
) -> HttpResponse | tuple[str, Answers]:
    """The page to show: what is wrong, or what is to be checked; once published, where to go and what was answered."""
    form, answers = form.read()
    if form.errors:
        return _page(request, form, status=422, more=more)
    if step != "publish":
        return render(request, "strategy/check.html", {"form": form, **(more or {})})
    try:
        return publish(answers), answers
    except (BadInput, Conflict) as error:
        return _page(
            request, form.wrong(str(error), getattr(error, "column", None) or ""), status=422, more=more
        )


def _page(
    request: HttpRequest,
    form: Form,
    *,
    status: int = 200,
    draft_at: object = None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    context = {"form": form, "draft_at": draft_at, **(more or {})}
    return render(request, "strategy/ask.html", context, status=status)
