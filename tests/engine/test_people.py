"""Orders about accounts and tokens, and the log of changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.access import sessions, tokens
from statuswire.engine import orders, owning
from statuswire.engine.orders import AddSilence, EndSilence, Order
from statuswire.engine.people import (
    AddAccount,
    AddToken,
    RemoveAccount,
    RevokeToken,
    SetDisabled,
    SetPassword,
    SetRole,
)
from statuswire.model import Account, AccountRole, AuditEntry, Filter, Scope
from statuswire.store import Store, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DIGEST = "ab" * 32


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def obeyed(store: Store, order: Order) -> tuple[bool, str]:
    """By way of the bytes that a command would send."""
    read = orders.order_of(orders.encode(order))
    assert read == order
    answer = store.write(lambda tx: orders.obey(tx, read, NOW))
    return answer.done, answer.sentence


def account(store: Store, name: str = "ada") -> Account:
    found = store.read(lambda tx: queries.account_by_name(tx, name))
    assert found is not None
    return found


def sign_in(store: Store, one: Account) -> None:
    store.write(lambda tx: queries.add_session(tx, b"d", sessions.begin(one, "x", NOW)))


def has_signed_in(store: Store) -> bool:
    return store.read(lambda tx: queries.session_by_digest(tx, b"d")) is not None


def log_of(store: Store) -> list[AuditEntry]:
    return store.read(lambda tx: queries.audit_list(tx, limit=100))


def test_somebody_is_let_in_once(store: Store) -> None:
    assert obeyed(store, AddAccount("ada", AccountRole.ADMIN, "hash")) == (True, "ada may come in as admin")
    assert obeyed(store, AddAccount("ada", AccountRole.VIEWER)) == (False, "there is an account ada already")
    assert account(store) == Account(1, "ada", AccountRole.ADMIN, NOW, has_password=True)


@pytest.mark.parametrize(
    "order",
    [
        SetRole("bob", AccountRole.VIEWER),
        SetPassword("bob", "h"),
        SetDisabled("bob", True),
        RemoveAccount("bob"),
        AddToken("robot", (Scope.READ,), DIGEST, account="bob"),
    ],
)
def test_nothing_is_done_to_whom_nobody_knows(store: Store, order: Order) -> None:
    assert obeyed(store, order) == (False, "there is no account bob")
    assert log_of(store) == []


def test_a_new_password_and_a_disabled_account_end_what_is_signed_in(store: Store) -> None:
    obeyed(store, AddAccount("ada", AccountRole.VIEWER, "hash"))

    sign_in(store, account(store))
    assert obeyed(store, SetPassword("ada", "new")) == (True, "ada has a new password; signed out 1 browser")
    assert not has_signed_in(store)
    sign_in(store, account(store))
    assert obeyed(store, SetDisabled("ada", True)) == (True, "ada is disabled; signed out 1 browser")
    assert not has_signed_in(store)
    assert obeyed(store, SetDisabled("ada", False)) == (True, "ada may come in again")
    assert account(store).disabled_at is None


def test_a_removed_account_takes_everything_with_it(store: Store) -> None:
    obeyed(store, AddAccount("ada", AccountRole.VIEWER))
    obeyed(store, AddToken("robot", (Scope.READ,), DIGEST, account="ada"))
    sign_in(store, account(store))

    assert obeyed(store, RemoveAccount("ada"))[0]

    assert not has_signed_in(store)
    assert store.read(queries.tokens) == []


def test_the_last_admin_stays_while_others_are_there(store: Store) -> None:
    obeyed(store, AddAccount("ada", AccountRole.ADMIN))
    obeyed(store, AddAccount("bob", AccountRole.OPERATOR))
    stays = (False, "ada is the last admin; make somebody else one first")

    assert obeyed(store, SetRole("ada", AccountRole.VIEWER)) == stays
    assert obeyed(store, SetDisabled("ada", True)) == stays
    assert obeyed(store, RemoveAccount("ada")) == stays
    obeyed(store, SetRole("bob", AccountRole.ADMIN))
    assert obeyed(store, RemoveAccount("ada"))[0]
    assert obeyed(store, RemoveAccount("bob"))[0]


def test_a_token_is_kept_by_its_digest_and_counts_until_it_is_revoked(store: Store) -> None:
    ends = NOW + timedelta(days=90)
    assert obeyed(store, AddToken("robot", (Scope.READ, Scope.WRITE), DIGEST, ends)) == (
        True,
        "token 1 counts until 2026-08-02 10:00 UTC",
    )
    found = store.read(lambda tx: queries.token_by_digest(tx, bytes.fromhex(DIGEST)))
    assert found is not None
    assert (found[0].scopes, found[0].expires_at, found[1]) == ({Scope.READ, Scope.WRITE}, ends, None)

    assert obeyed(store, RevokeToken(1)) == (True, "token 1 counts no more")
    assert obeyed(store, RevokeToken(1)) == (False, "there is no token 1 that counts")


def test_a_token_that_would_be_over_is_not_made(store: Store) -> None:
    assert obeyed(store, AddToken("robot", (Scope.READ,), DIGEST, NOW)) == (False, "it would be over already")


def test_every_change_stands_in_the_log_with_its_author_and_without_secrets(store: Store) -> None:
    text = tokens.make(b"x" * 32)
    digest = tokens.digest_of(text)
    assert digest is not None
    obeyed(store, AddSilence(Filter(pages=("acme",)), "known", author="ada"))
    obeyed(store, EndSilence(1, "ada"))
    obeyed(store, EndSilence(1, "ada"))
    obeyed(store, AddAccount("bob", AccountRole.VIEWER, "$argon2id$canary"))
    obeyed(store, AddToken("robot", (Scope.READ,), digest.hex(), author="bob"))

    log = [(one.actor, one.action, one.subject) for one in log_of(store)]

    assert log == [
        ("bob", "token.add", "token/1"),
        ("command", "account.add", "account/bob"),
        ("ada", "silence.end", "silence/1"),
        ("ada", "silence.add", "silence/1"),
    ]
    assert log_of(store)[0].detail == {"name": "robot", "scopes": ["read"], "expires_at": None, "account": ""}
    assert "canary" not in str(log_of(store)) and digest.hex() not in str(log_of(store))


def test_every_order_has_its_place_in_the_log() -> None:
    assert set(orders._NAMES) == {*orders._WAYS, *owning.WAYS}


def test_the_log_is_read_page_by_page_by_who_and_by_what(store: Store) -> None:
    for number in range(5):
        obeyed(store, AddAccount(f"user {number}", AccountRole.VIEWER, author="ada" if number % 2 else "bob"))

    first = store.read(lambda tx: queries.audit_list(tx, limit=2))
    second = store.read(lambda tx: queries.audit_list(tx, limit=2, before=first[-1].id))

    assert [one.id for one in (*first, *second)] == [5, 4, 3, 2]
    assert [one.id for one in store.read(lambda tx: queries.audit_list(tx, limit=9, actor="ada"))] == [4, 2]
    assert store.read(lambda tx: queries.audit_list(tx, limit=9, action="token.add")) == []


def test_old_sessions_failures_and_changes_are_forgotten(store: Store) -> None:
    obeyed(store, AddAccount("ada", AccountRole.VIEWER))
    sign_in(store, account(store))
    store.write(lambda tx: queries.count_failure(tx, "x", 1))

    assert store.write(lambda tx: queries.forget_sessions(tx, NOW)) == 0
    assert store.write(lambda tx: queries.forget_sessions(tx, NOW + timedelta(seconds=1))) == 1
    assert store.write(lambda tx: queries.forget_failures(tx, NOW)) == 1
    assert store.write(lambda tx: queries.forget_changes(tx, NOW + timedelta(seconds=1))) == 1
