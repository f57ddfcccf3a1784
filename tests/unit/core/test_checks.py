"""What must be configured before production starts."""

from __future__ import annotations

from typing import Any

from endeavour.core.checks import production_is_configured


def faults(settings: Any, *, hosts: list[str], secret: str, production: bool = True) -> list[str]:
    settings.PRODUCTION, settings.ALLOWED_HOSTS, settings.SECRET_KEY = production, hosts, secret
    return [str(fault.id) for fault in production_is_configured(None)]


def test_production_needs_hosts_and_a_long_secret(settings: Any) -> None:
    assert faults(settings, hosts=[""], secret="k" * 49) == ["endeavour.E001", "endeavour.E002"]
    assert faults(settings, hosts=["care.example.org"], secret="k" * 50) == []


def test_elsewhere_nothing_is_asked(settings: Any) -> None:
    assert faults(settings, hosts=[], secret="short", production=False) == []
