"""News of meetings and decisions by e-mail, for those who asked and confirmed; leaving forgets the address."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import validate_email
from django.db import transaction

from endeavour.core.public import now, write_audit
from endeavour.errors import BadInput, NotFound
from endeavour.governance.actions.letters import send_letter
from endeavour.governance.models import Subscription
from endeavour.governance.presenters import digest_words
from endeavour.governance.queries.news import news_since

CONFIRM_WITHIN = timedelta(days=7)


@transaction.atomic
def subscribe(*, address: str) -> None:
    """Ask for news: one e-mail goes to the address, and nothing more until its owner confirms.

    The answer is the same whether or not the address is known, so that nobody can find out who gets news.
    """
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput("Enter an e-mail address like name@example.org.") from error
    Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=now() - CONFIRM_WITHIN).delete()
    kept, created = Subscription.objects.get_or_create(
        address=address, defaults={"key": secrets.token_urlsafe(32)}
    )
    if kept.confirmed_at:
        return
    if not created and kept.asked_at > now() - timedelta(minutes=10):
        return
    kept.asked_at = now()
    kept.save(update_fields=["asked_at"])
    write_audit(by=None, action="governance.subscribe", subject="subscription")
    words = (
        "Somebody, we hope you, asked us to send news of public meetings and decisions to this address.\n\n"
        f"To start, open this page and press Confirm:\n{settings.PUBLIC_URL}/news/{kept.key}\n\n"
        "If it was not you, do nothing. We forget the address after a week.\n"
    )
    transaction.on_commit(
        lambda: _send(address, "Please confirm: news of meetings and decisions", words, kept.key)
    )


@transaction.atomic
def confirm_subscription(*, key: str) -> Subscription:
    """The owner of the address says yes; saying it twice changes nothing."""
    kept = _found(key)
    if kept.confirmed_at is None:
        kept.confirmed_at = kept.sent_to = now()
        kept.save(update_fields=["confirmed_at", "sent_to"])
        write_audit(by=None, action="governance.confirm_subscription", subject="subscription")
    return kept


@transaction.atomic
def unsubscribe(*, key: str) -> None:
    """Stop, and forget the address at once."""
    _found(key).delete()
    write_audit(by=None, action="governance.unsubscribe", subject="subscription")


def send_digests(*, until: datetime | None = None) -> int:
    """Send each confirmed address what is new since its last digest; returns how many were sent.

    Nothing new, no e-mail. Each address is marked in the same transaction as its e-mail is handed over, so that a
    stop half way neither sends twice nor leaves anybody out.
    """
    moment, sent = until or now(), 0
    with get_connection() as mail:
        for pk in list(Subscription.objects.filter(confirmed_at__isnull=False).values_list("pk", flat=True)):
            with transaction.atomic():
                kept = Subscription.objects.select_for_update().filter(pk=pk).first()
                if kept is None or kept.sent_to is None or kept.sent_to >= moment:
                    continue
                news = news_since(kept.sent_to, moment)
                if news.is_empty:
                    continue
                kept.sent_to = moment
                kept.save(update_fields=["sent_to"])
                _send(kept.address, "New meetings and decisions", digest_words(news), kept.key, mail)
                sent += 1
    return sent


def _found(key: str) -> Subscription:
    kept = Subscription.objects.select_for_update().filter(key=key).first()
    if kept is None:
        raise NotFound("This link has ended.", hint="You can ask for news again at /news.")
    return kept


def _send(address: str, subject: str, words: str, key: str, mail: object = None) -> None:
    leave = f"{settings.PUBLIC_URL}/news/{key}"
    words = f"{words}\nTo stop these e-mails, open {leave} and press Stop.\n"
    send_letter(address, subject, words, {"List-Unsubscribe": f"<{leave}>"}, mail)
