"""What the views share: the day asked about, who asks, and forms that lose nothing that was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from endeavour.core.public import Person, may, parse_day, require, today
from endeavour.errors import BadInput, Conflict, TooMany
from endeavour.governance import actions, queries
from endeavour.governance.forms import Answers, Form

EARLIEST = date(2017, 1, 1)


def as_at_of(request: HttpRequest) -> date:
    """The day asked about: `?as_at=2024-04-01`, from 2017 to today."""
    text = request.GET.get("as_at", "").strip()
    day = parse_day(text) if text else today()
    if not EARLIEST <= day <= today():
        raise BadInput(
            f"We can look at days from {EARLIEST} to today, not {day}.", hint="Choose another day."
        )
    return day


def signed_in(request: HttpRequest) -> Person | None:
    """The person signed in, or nobody."""
    return request.user if isinstance(request.user, Person) else None


def person_for(request: HttpRequest, action: str) -> Person:
    """The person signed in, who may do this; `Forbidden` for anybody else."""
    person = signed_in(request)
    require(person, action)
    assert person is not None, "require lets nobody through without signing in"
    return person


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What was sent, question by question; where several answers were ticked they are joined by commas."""
    return {name: ",".join(request.POST.getlist(name)) for name in request.POST}


def ask(request: HttpRequest, form: Form, *, status: int = 422) -> HttpResponse:
    """Draw a form, with its errors where it has any, which it answers with `status`."""
    return render(request, "governance/form.html", {"form": form}, status=status if form.errors else 200)


def asked(
    request: HttpRequest,
    form: Form,
    work: Callable[[Answers], HttpResponse],
    check: Callable[[Answers], dict[str, str]] | None = None,
) -> HttpResponse:
    """Show the form, or do the work; a refusal comes back with what was typed, beside the question it is about.

    What somebody at a desk typed and did not send is kept, offered when they come back, and forgotten once it is sent.
    `check` says what is wrong with the answers taken together, by the question it is about. A form that `checks` reads
    the answers back first; a program that posts straight away is answered at once.
    """
    person = signed_in(request)
    keeps = person if may(person, "governance.keep_draft") else None
    form = replace(form, may_keep=keeps is not None)
    if request.method != "POST":
        return ask(request, _with_draft(request, form, keeps))
    if keeps and "_forget" in request.POST:
        actions.drop_draft(by=keeps, form=request.get_full_path())
        return redirect(request.get_full_path())
    form = form.answered(typed_in(request))
    if keeps and "_keep" in request.POST:
        actions.keep_draft(by=keeps, form=request.get_full_path(), values=form.values)
        messages.success(request, "Kept for you. Nobody else can see it until you send it.")
        return redirect(form.back[0] or "drafts")
    if "_change" in request.POST:
        return ask(request, form)
    form = form.checked()
    if check and not form.errors:
        form = form.wrongs(check(form.values))
    if form.errors:
        return ask(request, _file_again(request, form))
    if form.checks and "_check" in request.POST:
        if keeps:
            actions.keep_draft(by=keeps, form=request.get_full_path(), values=form.values)
        return render(request, "governance/check.html", {"form": form})
    try:
        answer = work(form.values)
    except (BadInput, Conflict, TooMany) as error:
        status = error.http_status if isinstance(error, TooMany) else 422
        return ask(request, _file_again(request, form.wrong(str(error))), status=status)
    if keeps:
        actions.drop_draft(by=keeps, form=request.get_full_path())
    if person:  # a visitor's next page says it, because a message would need a cookie
        messages.success(request, form.done)
    return answer


def _file_again(request: HttpRequest, form: Form) -> Form:
    return form.choose_again() if form.takes_files and request.FILES else form


def _with_draft(request: HttpRequest, form: Form, person: Person | None) -> Form:
    draft = queries.draft_of(person, request.get_full_path()) if person else None
    if draft is None:
        return form
    kept = (
        f"This is what you typed on {timezone.localtime(draft.saved_at):%-d %B at %H:%M} and have not sent."
    )
    return replace(form.answered(draft.values), kept=kept)
