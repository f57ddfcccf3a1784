"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import views as auth

from endeavour.core.accounts import DEMO_PASSWORD
from endeavour.website import queries


class SignIn(auth.LoginView):
    """Name and password; in a demonstration the ready-made sign-ins stand beside them."""

    template_name = "website/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **given: object) -> dict[str, object]:
        """The form's context, with the demonstration's people where there are any."""
        context: dict[str, object] = super().get_context_data(**given)
        if settings.DEMO:
            context |= {"demo_people": queries.demo_people(), "demo_password": DEMO_PASSWORD}
        return context


class SignOut(auth.LogoutView):
    """By a button only: a link that signs people out could be planted on any page."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django declares it so

    def get_success_url(self) -> str:
        """Home."""
        return "/"
