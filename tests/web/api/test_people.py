"""Accounts, tokens, and the log of changes."""

from __future__ import annotations

from typing import Any

import pytest

from statuswire.access import passwords, tokens
from statuswire.model import AccountRole, Principal, PrincipalKind, Scope
from statuswire.store import queries
from statuswire.web.needs import MACHINE
from tests.web.api.seed import API, OPERATOR, let_ask
from tests.web.parts import JSON, Reply, Site

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def by_ann(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The admin of the seeded store asks."""
    let_ask(monkeypatch, Principal(PrincipalKind.ACCOUNT, "ann", AccountRole.ADMIN, account_id=1))


def call(site: Site, method: str, target: str, body: bytes = b"") -> Reply:
    return site.run(lambda: site.request(method, API + target, body, JSON))


def items(site: Site, target: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.get(API + target).json["items"]
    return found


def account(site: Site, name: str) -> dict[str, Any]:
    return next(one for one in items(site, "/accounts") if one["name"] == name)


def test_somebody_is_let_in_and_signs_in_with_the_password(site: Site) -> None:
    made = site.post(f"{API}/accounts", {"name": " Cleo", "role": "operator", "password": PASSWORD})

    assert (made.status, made.json["sentence"]) == (201, "cleo may come in as operator")
    assert (account(site, "cleo")["role"], account(site, "cleo")["signs_in_by"]) == ("operator", ["password"])
    kept = site.store.read(lambda tx: queries.credentials(tx, "cleo"))
    assert kept is not None and passwords.matches(PASSWORD, kept.password_hash)


def test_a_change_is_made_whole(site: Site) -> None:
    done = call(site, "PATCH", "/accounts/Ben", b'{"role": "admin", "password": "short"}')

    assert done.code == "bad_parameter"
    done = call(site, "PATCH", "/accounts/Ben", b'{"role": "operator", "disabled": true}')
    assert done.json["sentence"] == "ben is operator now; ben is disabled; signed out 0 browsers"
    assert (account(site, "ben")["role"], account(site, "ben")["disabled_at"] is None) == ("operator", False)


def test_of_a_change_that_cannot_be_made_nothing_is_kept(site: Site) -> None:
    """The last admin may be one no more: neither is their password another then."""
    refused = call(site, "PATCH", "/accounts/ann", b'{"disabled": true, "role": "admin"}')

    assert (refused.status, refused.code) == (409, "not_done")
    assert "last admin" in refused.json["detail"]
    assert [one["action"] for one in items(site, "/audit")] == ["token.add"]


def test_somebody_is_removed(site: Site) -> None:
    assert call(site, "DELETE", "/accounts/ben").status == 200
    assert [one["name"] for one in items(site, "/accounts")] == ["ann"]
    assert call(site, "DELETE", "/accounts/ben").code == "unknown_item"


def test_a_token_is_shown_once_and_belongs_to_whoever_made_it(site: Site) -> None:
    made = site.post(f"{API}/tokens", {"name": "deploys", "scopes": ["read", "write", "read"]})
    digest = tokens.digest_of(made.json["token"])

    assert made.status == 201 and digest is not None
    found = site.store.read(lambda tx: queries.token_by_digest(tx, digest))
    assert found is not None and found[0].scopes == {Scope.READ, Scope.WRITE}
    listed = site.get(f"{API}/tokens")
    assert made.json["token"] not in listed.body.decode()
    assert [(one["name"], one["account"]) for one in listed.json["items"]] == [("deploys", "ann"), ("robot", "ann")]


def test_a_token_may_be_made_for_somebody_else_or_for_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for_ben = site.post(f"{API}/tokens", {"name": "b", "scopes": ["read"], "account": "BEN"})
    let_ask(monkeypatch, MACHINE)
    site.post(f"{API}/tokens", {"name": "m", "scopes": ["metrics"], "expires_at": "2030-01-01T00:00:00Z"})

    assert for_ben.status == 201
    assert [one["account"] for one in items(site, "/tokens")] == [None, "ben", "ann"]


def test_a_token_is_ended(site: Site) -> None:
    assert call(site, "DELETE", "/tokens/1").status == 200
    assert [one["state"] for one in items(site, "/tokens")] == ["revoked"]
    assert call(site, "DELETE", "/tokens/1").code == "not_done"
    assert call(site, "DELETE", "/tokens/9").code == "unknown_item"


@pytest.mark.parametrize(
    ("method", "target", "body", "where"),
    [
        ("POST", "/accounts", b'{"name": "  "}', "body.name"),
        ("POST", "/accounts", b'{"name": "x", "password": "short"}', "body.password"),
        ("PATCH", "/accounts/ben", b"{}", "body"),
        ("POST", "/tokens", b'{"name": "x", "scopes": []}', "body.scopes"),
        ("GET", "/audit?after=x", b"", "query.after"),
    ],
)
def test_what_is_wrong_is_named(site: Site, method: str, target: str, body: bytes, where: str) -> None:
    reply = call(site, method, target, body)

    assert (reply.status, reply.json["errors"][0]["where"]) == (400, where)


def test_a_wrong_password_is_not_repeated(site: Site) -> None:
    assert b"shorty" not in site.post(f"{API}/accounts", {"name": "x", "password": "shorty"}).body


def test_changes_are_listed_part_by_part_without_secrets(site: Site) -> None:
    site.post(f"{API}/accounts", {"name": "cleo", "password": PASSWORD})
    site.post(f"{API}/tokens", {"name": "t", "scopes": ["read"]})
    first = site.get(f"{API}/audit?limit=2").json
    rest = site.get(f"{API}/audit?limit=2&after={first['next']}").json

    assert [one["action"] for one in (*first["items"], *rest["items"])] == ["token.add", "account.add", "token.add"]
    assert {one["actor"] for one in first["items"]} == {"ann"}
    assert "hash" not in str(first) and "digest" not in str(first)
    assert items(site, "/audit?action=account.add")[0]["subject"] == "account/cleo"


@pytest.mark.parametrize("path", ["/accounts", "/tokens", "/audit"])
def test_only_admins_see_any_of_it(site: Site, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    let_ask(monkeypatch, OPERATOR)

    assert site.get(API + path).code == "forbidden"
