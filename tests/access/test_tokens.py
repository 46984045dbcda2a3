"""Tokens of programs: how they look, what is kept of them, what they may."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.access import tokens
from statuswire.model import Account, AccountRole, ApiToken, PrincipalKind, Scope

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
RANDOMNESS = st.binary(min_size=32, max_size=32)


@given(RANDOMNESS)
def test_U6_a_token_looks_like_one_and_only_its_digest_is_kept(randomness: bytes) -> None:
    text = tokens.make(randomness)

    assert re.fullmatch(r"sw_[0-9A-Za-z]{49}", text)
    assert tokens.digest_of(text) == sha256(text.encode()).digest()


@given(RANDOMNESS, RANDOMNESS)
def test_different_randomness_makes_different_tokens(one: bytes, other: bytes) -> None:
    assert (tokens.make(one) == tokens.make(other)) is (one == other)


@given(RANDOMNESS, st.integers(3, 51), st.sampled_from("0Az_"))
def test_U6_a_typing_error_is_seen_before_anything_is_asked(randomness: bytes, place: int, letter: str) -> None:
    text = tokens.make(randomness)
    typed = text[:place] + letter + text[place + 1 :]

    assert (tokens.digest_of(typed) is None) is (typed != text)


@given(st.text() | st.text("sw_09azAZ", max_size=60))
def test_U6_any_other_text_is_none(text: str) -> None:
    assert tokens.digest_of(text) is None


def test_a_token_needs_all_its_randomness() -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        tokens.make(b"short")


@pytest.mark.parametrize(
    ("scopes", "role"),
    [
        ({Scope.METRICS}, None),
        (set(), None),
        ({Scope.READ}, AccountRole.VIEWER),
        ({Scope.READ, Scope.WRITE}, AccountRole.OPERATOR),
        (set(Scope), AccountRole.ADMIN),
    ],
)
def test_the_highest_scope_makes_the_role(scopes: set[Scope], role: AccountRole | None) -> None:
    assert tokens.role_of(scopes) is role


@given(st.frozensets(st.sampled_from(Scope)), st.sampled_from(AccountRole))
def test_a_token_never_may_more_than_its_account(scopes: frozenset[Scope], role: AccountRole) -> None:
    owner = Account(7, "ada", role, NOW)
    who = tokens.principal_of(ApiToken(1, "robot", scopes, NOW, owner.id), owner)

    assert who.kind is PrincipalKind.TOKEN
    assert who.account_id == 7
    assert who.role is None or role.includes(who.role)
