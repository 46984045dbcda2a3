"""Contracts, statements and documents by the API."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from statuswire.model import AccountRole, Principal, PrincipalKind
from tests.web.api.seed import API, DOCUMENT, OPERATOR, let_ask
from tests.web.parts import Site

VIEWER = Principal(PrincipalKind.ACCOUNT, "vera", AccountRole.VIEWER)
DIGEST = hashlib.sha256(DOCUMENT).hexdigest()
STATEMENT = f"{API}/contracts/acme-api/statement"


def test_contracts_come_with_what_came_of_their_last_month(site: Site) -> None:
    (found,) = site.get(f"{API}/contracts").json["items"]

    assert (found["contract"]["name"], found["month"], found["is_final"]) == ("acme-api", "2026-04", True)
    assert (found["best"], found["worst"], found["breach"]) == (100.0, 0.0, "undecided"), "nobody read the page"


def test_a_statement_names_incidents_and_documents(site: Site) -> None:
    found = site.get(f"{STATEMENT}?month=2026-05").json

    assert found["breach"] == "undecided" and not found["is_final"]
    assert sum(one["minutes"] for one in found["states"]) == 31 * 1440
    behind = {one["id"]: one for one in found["incidents"]}["i1"]
    assert behind["documents"] == [DIGEST]
    (document,) = found["documents"]
    assert (document["sha256"], document["bytes"], document["why"]) == (DIGEST, len(DOCUMENT), "event")


def test_a_statement_is_the_same_as_a_table(site: Site) -> None:
    found = site.get(f"{STATEMENT}?month=2026-05").json
    reply = site.get(f"{STATEMENT}?month=2026-05&format=csv")

    assert reply.headers["content-disposition"] == 'attachment; filename="statuswire-sla-2026-05.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert [row["result"] for row in rows if row["part"] == "step"] == [one["result"] for one in found["steps"]]


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        (f"{API}/contracts/nothing/statement", 404, "unknown_item"),
        (f"{STATEMENT}?month=2026-5", 400, "bad_parameter"),
        (f"{STATEMENT}?month=1066-10", 400, "bad_parameter"),
        (f"{API}/documents/{'0' * 64}", 404, "unknown_item"),
        (f"{API}/documents/{DIGEST[:10]}", 400, "bad_parameter"),
    ],
)
def test_what_is_not_there_is_refused(site: Site, target: str, status: int, code: str) -> None:
    reply = site.get(target)

    assert (reply.status, reply.code) == (status, code)


def test_a_document_comes_as_it_was_received_and_no_browser_makes_a_page_of_it(site: Site) -> None:
    reply = site.get(f"{API}/documents/{DIGEST}")

    assert (reply.status, reply.body) == (200, DOCUMENT)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-disposition"] == f'attachment; filename="{DIGEST}"'


def test_a_document_that_is_withheld_is_not_there(site: Site) -> None:
    site.store.write(lambda tx: tx.execute("UPDATE raw_document SET body = :body", {"body": b""}))

    reply = site.get(f"{API}/documents/{DIGEST}")

    assert (reply.status, reply.json["detail"]) == (404, f"There is no document {DIGEST}: its digest alone is kept.")


def test_viewers_see_statements_and_operators_documents(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    let_ask(monkeypatch, VIEWER)
    assert site.get(STATEMENT).status == 200
    assert site.get(f"{API}/documents/{DIGEST}").status == 403

    let_ask(monkeypatch, OPERATOR)
    assert site.get(f"{API}/documents/{DIGEST}").status == 200
