"""Sending one e-mail, in the one way."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage


def send_letter(
    address: str, subject: str, words: str, headers: Mapping[str, str] | None = None, mail: Any = None
) -> None:
    """Hand one e-mail over; `mail` is a connection that is open already."""
    EmailMessage(
        subject=subject,
        body=words,
        to=[address],
        # Without a name of its own the message would carry this machine's.
        headers={"Message-ID": f"<{secrets.token_hex(16)}@common-endeavour.invalid>", **(headers or {})},
        connection=mail,
    ).send()
