"""Keys for programs that write through the API: each acts for one person, for named actions, until a day.

The secret is shown once and kept only as its SHA-256 digest; it is 256 random bits, so no slow hash is needed. A token
can never do more than its person may: the scope only narrows.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.db.models import Q

from endeavour.core.audit import write_audit
from endeavour.core.clock import now
from endeavour.core.models import ApiToken, Person
from endeavour.core.permissions import may, rules
from endeavour.errors import BadInput, Forbidden, NotFound

if TYPE_CHECKING:
    from django.http import HttpRequest

MARK = "ce"
_GUARDED: set[str] = set()
LONGEST_DAYS = 366


class BadToken(Forbidden):
    """No token came with the request, or one that is unknown, over or revoked."""

    kind = "bad-token"
    http_status = 401


def covers(scope: str, action: str) -> bool:
    """Whether a scope, an action or the part it belongs to, takes in an action.

    >>> covers("strategy", "strategy.evidence"), covers("strategy.evidence", "strategy.measure")
    (True, False)
    """
    return action == scope or action.startswith(f"{scope}.")


def actions_of(person: Person) -> list[str]:
    """Every action that a person's role allows: what a token of theirs may be scoped to."""
    return [action for action in rules() if may(person, action)]


@transaction.atomic
def issue_token(
    *, by: Person | None, person: Person, name: str, scopes: Sequence[str], days: int = 90
) -> tuple[ApiToken, str]:
    """Make a token for a person and return it with its secret, which is shown this once.

    Only the person themselves, or an operator at the command line (`by=None`), may make one. Raises `BadInput` where
    a scope takes in nothing that the person may do.
    """
    if by is not None and by.pk != person.pk:
        raise Forbidden("You can make a token only for yourself.", hint="Ask them to sign in and make it.")
    wanted = sorted({scope.strip() for scope in scopes if scope.strip()})
    if not name.strip():
        raise BadInput(
            "The token has no name.", hint="Say what will use it, such as 'plans from our system'."
        )
    if len(name.strip()) > 80:
        raise BadInput("The name of a token has at most 80 characters.")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(
            f"A token lasts 1 to {LONGEST_DAYS} days, not {days}.", hint="Make a new one after that."
        )
    allowed = actions_of(person)
    if not wanted:
        raise BadInput("The token is for nothing.", hint="Choose at least one thing it may do.")
    for scope in wanted:
        if not any(covers(scope, action) for action in allowed):
            raise BadInput(
                f"As {person.role}, {person.username} may do nothing that '{scope[:60]}' takes in.",
                hint=f"Choose from: {', '.join(allowed) or 'nothing'}.",
            )
    secret = secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        person=person,
        name=name.strip(),
        key=secrets.token_hex(6),
        digest=_digest(secret),
        scopes=wanted,
        issued_at=now(),
        expires_at=now() + timedelta(days=days),
    )
    write_audit(
        by=by, action="token.issue", subject=f"token:{made.key}", person=person.username, scopes=wanted
    )
    return made, f"{MARK}_{made.key}_{secret}"


@transaction.atomic
def revoke_token(*, by: Person | None, key: str) -> ApiToken:
    """End a token at once; ending it twice changes nothing. Only its person or an operator may."""
    found = ApiToken.objects.select_for_update().filter(key=key).first()
    if found is None or (by is not None and found.person_id != by.pk):
        raise NotFound(f"You have no token '{key[:20]}'.", hint="See the list of your tokens.")
    if found.revoked_at is None:
        found.revoked_at = now()
        found.save(update_fields=["revoked_at"])
        write_audit(by=by, action="token.revoke", subject=f"token:{found.key}")
    return found


def tokens_of(person: Person | None = None) -> list[ApiToken]:
    """The tokens of one person, or of all, newest first; the secrets are nowhere."""
    found = ApiToken.objects.select_related("person").order_by("-issued_at", "-id")
    return list(found.filter(person=person) if person is not None else found)


def person_of(secret: str, *, action: str) -> Person:
    """Who a token acts for, if it may do this action now.

    Raises `BadToken` (401) for a token that is unknown, over or revoked and `Forbidden` (403) for one that is not for
    this action; what the person's role allows is checked again by the action itself.
    """
    mark, _, rest = secret.partition("_")
    key, _, hidden = rest.partition("_")
    found = ApiToken.objects.select_related("person").filter(key=key[:12]).first() if mark == MARK else None
    known = found.digest if found else "0" * 64
    moment = now()
    if not hmac.compare_digest(_digest(hidden), known) or found is None:
        raise BadToken("This token is not known here.", hint="Make one on the page /tokens.")
    if found.revoked_at is not None or found.expires_at <= moment or not found.person.is_active:
        raise BadToken("This token has ended.", hint="Make a new one on the page /tokens.")
    if not any(covers(scope, action) for scope in found.scopes):
        raise Forbidden(f"This token is not for {action}.", hint=f"It is for: {', '.join(found.scopes)}.")
    used_before = Q(last_used_on__isnull=True) | Q(last_used_on__lt=moment.date())
    ApiToken.objects.filter(used_before, pk=found.pk).update(last_used_on=moment.date())
    return found.person


class TokenFor:
    """The guard of one API operation: `auth=TokenFor("strategy.evidence")` gives `request.auth`, the person.

    A plain callable, as django-ninja takes one, so that the command line need not import ninja.
    """

    openapi_security_schema: ClassVar[dict[str, str]] = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made at /tokens, sent as: Authorization: Bearer ce_...",
    }

    def __init__(self, action: str) -> None:
        self.action = action
        _GUARDED.add(action)

    def __call__(self, request: HttpRequest) -> Person:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise BadToken("This needs a token.", hint="Send the header Authorization: Bearer TOKEN.")
        return person_of(secret.strip(), action=self.action)


def guarded_actions() -> frozenset[str]:
    """Every action that an operation of the API, once loaded, does for a token."""
    return frozenset(_GUARDED)


def scope_words(scopes: Iterable[str]) -> list[str]:
    """What a token may do, in the words of the rules."""
    known = rules()
    return [known[s].words if s in known else f"everything in {s} that your role may do" for s in scopes]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
