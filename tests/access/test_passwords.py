"""Passwords: what is kept of them, and that a wrong one takes as long as a right one."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from statuswire.access import names, passwords

PASSWORD = "correct horse battery"


def test_U5_a_password_is_kept_as_argon2id_with_the_parameters_that_owasp_names() -> None:
    assert passwords.hash_of(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hash_of(PASSWORD) != passwords.hash_of(PASSWORD)


def test_the_password_matches_and_others_do_not() -> None:
    kept = passwords.hash_of(PASSWORD)

    assert passwords.matches(PASSWORD, kept)
    assert not passwords.matches(PASSWORD + "x", kept)
    assert not passwords.matches("", kept)
    assert not passwords.matches(PASSWORD, "nonsense")


def test_one_password_is_the_same_however_a_keyboard_composes_it() -> None:
    assert passwords.matches("cafe\u0301 au lait noir", passwords.hash_of("caf\u00e9 au lait noir"))


def test_U5_where_there_is_no_account_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[str] = []
    verify = PasswordHasher.verify

    def noted(self: PasswordHasher, kept: str, password: str | bytes) -> bool:
        costs.append(kept[: kept.rindex("$", 0, kept.rindex("$"))])
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)

    assert not passwords.matches(PASSWORD, "")
    assert not passwords.matches(PASSWORD, passwords.hash_of("something else"))
    assert costs[0] == costs[1]


def test_a_password_has_its_limits() -> None:
    assert "at least 12" in passwords.fault_of("short")
    assert "at most 1000" in passwords.fault_of("x" * 1001)
    assert passwords.fault_of(PASSWORD) == ""
    assert not passwords.matches("x" * 1001, passwords.hash_of("x" * 1000))


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD))
    assert not passwords.is_outdated(passwords.hash_of(PASSWORD))


def test_a_name_is_folded_and_has_its_limits() -> None:
    assert names.folded("  ADA@Example.COM ") == "ada@example.com"
    assert names.fault_of("") and names.fault_of("x" * 101) and names.fault_of("a\x1b[2J")
    assert names.fault_of("ada lovelace") == ""
