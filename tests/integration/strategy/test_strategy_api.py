"""The strategy over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pack"),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def test_statements_come_with_how_they_stood(client: Client) -> None:
    rows = client.get("/api/strategy/statements?kind=we&as_at=2023-05-10").json()
    assert len(rows) == 26
    late = [row["id"] for row in rows if row["standing"]["state"] == "overdue"]
    assert late == ["W6", "W8", "W17", "W19", "W26"]
    one = client.get("/api/strategy/statements/W17").json()
    assert (one["due"], one["text"], one["verbatim"]) == ("2023-04", None, False)
    assert {"dependency_inverted", "no_measure"} <= {f["state"] for f in one["findings"]}
    assert client.get("/api/strategy/gaps").json()[0]["id"] == "I15"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("statements/I15", 404),
        ("statements?kind=they", 422),
        ("statements?as_at=0022-01-01", 422),
        ("releases/00", 404),
    ],
)
def test_refusals_have_one_shape(client: Client, address: str, status: int) -> None:
    answer = client.get(f"/api/strategy/{address}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "hint"}
