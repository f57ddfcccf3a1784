"""Tokens with which a person's programs write through the API: beside signing in, because they stand in for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from endeavour.core.public import (
    Person,
    actions_of,
    guarded_actions,
    issue_token,
    now,
    revoke_token,
    rules,
    scope_words,
    tokens_of,
)
from endeavour.errors import BadInput, Forbidden
from endeavour.strategy.public import Form, Question

LASTING = (("30", "30 days"), ("90", "90 days"), ("366", "A year"))


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Forbidden("You cannot see this without signing in.", hint="Sign in and try again.")
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of whoever is signed in; a new one's secret is shown on the answer to the form and nowhere else."""
    person = _person(request)
    known = rules()
    offered = [action for action in actions_of(person) if action in guarded_actions()]
    options = tuple((action, known[action].words[:1].upper() + known[action].words[1:]) for action in offered)
    form = Form(
        title="Tokens", button="Make this token",
        questions=(
            Question("name", "What will use it?", hint="Such as: plans from our own system", need="Say what will use it."),
            Question("scopes", "What may it do?", "several", options=options, need="Choose at least one thing it may do."),
            Question("days", "For how long?", "choice", options=LASTING, need="Choose how long it lasts."),
        ),
    ).filled({"days": "90"})  # fmt: skip
    secret = ""
    if request.method == "POST":
        form = form.filled({name: ",".join(request.POST.getlist(name)) for name in form.names})
        form, given = form.read()
        if not form.errors:
            try:
                _, secret = issue_token(
                    by=person,
                    person=person,
                    name=given["name"],
                    scopes=given["scopes"],
                    days=int(given["days"]),
                )
            except BadInput as error:
                form = form.wrong(str(error))
    moment = now()
    context = {
        "form": form,
        "secret": secret,
        "may_make": bool(options),
        "tokens": [(t, scope_words(t.scopes), t.held_at(moment)) for t in tokens_of(person)],
    }
    response = render(request, "website/tokens.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """End a token at once."""
    found = revoke_token(by=_person(request), key=key)
    messages.success(request, f"The token '{found.name}' has ended.")
    return redirect("tokens")
