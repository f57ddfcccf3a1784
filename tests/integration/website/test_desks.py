"""Each role's desk leads only to pages that exist and that the role may see."""

from __future__ import annotations

import pytest
from django.test import Client

from endeavour.core.public import Person, Role
from endeavour.website.views import DESKS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_every_task_of_a_desk_is_open_to_its_role(role: Role) -> None:
    somebody = Person.objects.create_user(username=role.value, password="a-long-password-1", role=role)
    client = Client(raise_request_exception=False)
    client.force_login(somebody)
    assert DESKS[role]
    for address, _, _ in DESKS[role]:
        # Nothing is loaded here: 503 says so in words, and is not a closed or a missing door.
        assert client.get(address).status_code in {200, 503}, address
