"""What the views share: the day asked about, who asks, and forms that lose nothing that was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from endeavour.core.public import Person, may, parse_day, require, today
from endeavour.errors import BadInput, Conflict
from endeavour.governance import actions, queries
from endeavour.governance.forms import Form

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


def ask(request: HttpRequest, form: Form) -> HttpResponse:
    """Draw a form, with its errors where it has any."""
    return render(request, "governance/form.html", {"form": form}, status=422 if form.errors else 200)


def asked(
    request: HttpRequest,
    form: Form,
    work: Callable[[dict[str, str]], HttpResponse],
    check: Callable[[dict[str, str]], dict[str, str]] | None = None,
) -> HttpResponse:
    """Show the form, or do the work; a refusal comes back with what was typed, beside the question it is about.

    What somebody at a desk typed and did not send is kept, offered when they come back, and forgotten once it is sent.
    `check` says what is wrong with the answers taken together, by the question it is about.
    """
    person = signed_in(request)
    keeps = person if may(person, "governance.keep_draft") and not form.takes_files else None
    form = replace(form, may_keep=keeps is not None)
    if request.method != "POST":
        return ask(request, _with_draft(request, form, keeps))
    if keeps and "_forget" in request.POST:
        actions.drop_draft(by=keeps, form=request.path)
        return redirect(request.get_full_path())
    form = form.filled({name: str(value) for name, value in request.POST.items()})
    if keeps and "_keep" in request.POST:
        actions.keep_draft(by=keeps, form=request.path, values=form.values)
        return redirect("governance:desk")
    form = form.checked()
    if check and not form.errors:
        form = form.wrongs(check(form.values))
    if form.errors:
        return ask(request, form)
    try:
        answer = work(form.values)
    except (BadInput, Conflict) as error:
        return ask(request, form.wrong(str(error)))
    if keeps:
        actions.drop_draft(by=keeps, form=request.path)
    return answer


def _with_draft(request: HttpRequest, form: Form, person: Person | None) -> Form:
    draft = queries.draft_of(person, request.path) if person else None
    if draft is None:
        return form
    kept = (
        f"This is what you typed on {timezone.localtime(draft.saved_at):%-d %B at %H:%M} and have not sent."
    )
    return replace(form.filled(draft.values), kept=kept)
