"""What somebody began on any form of the desk and has not sent."""

from __future__ import annotations

from operator import itemgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from endeavour.core.public import Person
from endeavour.errors import Forbidden
from endeavour.governance import public as governance
from endeavour.strategy import public as strategy


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """The forms that whoever is signed in began and did not send, the newest first."""
    person = request.user
    if not isinstance(person, Person):
        raise Forbidden("You cannot see this without signing in.", hint="Sign in and try again.")
    begun = [(d.form, d.values["title"], d.saved_at) for d in strategy.drafts_of(person)]
    begun += [(d.form, d.first_words, d.saved_at) for d in governance.drafts_of(person)]
    context = {"drafts": sorted(begun, key=itemgetter(2), reverse=True)}
    return render(request, "website/drafts.html", context)
