"""The methods page, rendered."""

from __future__ import annotations

import pytest
from django.test import Client

from endeavour.population.methods import families


@pytest.mark.django_db
def test_every_method_has_its_place_on_the_page(client: Client) -> None:
    answer = client.get("/methods")
    assert answer.status_code == 200
    text = answer.content.decode()
    for family in families():
        assert f'id="{family.anchor}"' in text
        for method in family.methods:
            assert f'id="{method.anchor}"' in text
    assert "Source: Wilson EB (1927)" in text
