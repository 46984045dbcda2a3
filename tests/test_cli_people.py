"""`statuswire user` and `statuswire token`, on a database that no service holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from statuswire.access import passwords, tokens
from statuswire.model import AccountRole
from statuswire.store import open_store, queries
from tests.test_cli import invoked

PASSWORD = "correct horse battery"


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/statuswire.db"
    open_store(url).close()
    (tmp_path / "password").write_text(f"{PASSWORD}\nsecond line", encoding="utf-8")
    return url


def people(database: str, *arguments: str) -> tuple[int, str, str]:
    return invoked(*arguments, "--database", database)


def password_file(database: str) -> str:
    return str(Path(database.removeprefix("sqlite:///")).with_name("password"))


def test_somebody_is_let_in_with_the_password_of_a_file(database: str) -> None:
    code, shown, _ = people(
        database, "user", "add", "Ada", "--role", "admin", "--password-file", password_file(database)
    )

    assert (code, shown) == (0, "ada may come in as admin\n")
    store = open_store(database)
    found = store.read(lambda tx: queries.credentials(tx, "ada"))
    store.close()
    assert found is not None and found.account.role is AccountRole.ADMIN
    assert passwords.matches(PASSWORD, found.password_hash)


def test_accounts_are_listed_for_people_and_programs(database: str) -> None:
    assert "make the first" in people(database, "user")[1]
    people(database, "user", "add", "ada", "--no-password")
    people(database, "user", "disable", "ada")

    _, shown, _ = people(database, "user")
    _, told, _ = people(database, "user", "list", "--json")

    assert shown.splitlines()[-1].split() == ["ada", "viewer", "nothing", "yet", "never", "disabled"]
    (one,) = json.loads(told)
    assert (one["name"], one["role"], one["signs_in_by"]) == ("ada", "viewer", [])
    assert one["disabled_at"] is not None


def test_orders_end_with_1_where_they_cannot_be_obeyed(database: str) -> None:
    code, _, said = people(database, "user", "role", "ada", "admin")

    assert (code, said) == (1, "there is no account ada\n")


def test_tables_show_moments_to_the_minute(database: str) -> None:
    people(database, "silence", "add", "--page", "github", "--until", "2126-12-01T09:00Z", "--reason", "known")

    assert "page=github  2126-12-01 09:00  known" in people(database, "silence")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("user", "add", "ada", "--role", "king", "--no-password"),
            "`king` is no role; right: viewer, operator, admin",
        ),
        (("user", "add", " ", "--no-password"), "the name needs 1 to 100 characters"),
        (("user", "add", "ada", "--password-file", "/nothing/there"), "cannot read the password"),
        (("user", "add", "ada", "--password-file", "/dev/null"), "the password needs at least 12 characters"),
        (("user", "add", "ada", "--no-password", "--password-file", "x"), "one of --password-file and --no-password"),
        (("token", "add", "robot", "--scope", "all"), "`all` is no scope; right: metrics, read, write, admin"),
        (("token", "add", "robot", "--scope", "read", "--expires", "99999999d"), "--expires: must be at most 36500d"),
        (("deliveries", "list", "--since", "99999999d"), "--since: must be at most 36500d"),
        (("user", "add", "ada"), "nobody is there to type a password; right: --password-file FILE"),
        (("user", "password", "ada"), "nobody is there to type a password; right: --password-file FILE"),
    ],
)
def test_what_cannot_be_meant_is_said_with_what_would_be_right(
    database: str, arguments: tuple[str, ...], sentence: str
) -> None:
    code, _, said = people(database, *arguments)

    assert code == 2
    assert sentence in said


def test_U6_a_token_is_shown_once_and_never_again(database: str) -> None:
    code, shown, said = people(database, "token", "add", "robot", "--scope", "read", "--expires", "90d")

    text = shown.strip()
    assert (code, tokens.digest_of(text) is not None) == (0, True)
    assert "token 1 counts until" in said
    _, listed, _ = people(database, "token", "list", "--json")
    assert text not in listed
    (one,) = json.loads(listed)
    assert (one["id"], one["name"], one["scopes"], one["state"]) == (1, "robot", ["read"], "good")
    file = Path(database.removeprefix("sqlite:///"))
    assert not any(text.encode() in path.read_bytes() for path in file.parent.iterdir())


def test_a_token_is_revoked(database: str) -> None:
    told = json.loads(people(database, "token", "add", "robot", "--scope", "read", "--scope", "write", "--json")[1])

    assert (told["done"], told["id"]) == (True, 1)
    assert people(database, "token", "revoke", "1") == (0, "token 1 counts no more\n", "")
    assert people(database, "token", "revoke", "1")[0] == 1
    assert people(database, "token")[1].splitlines()[-1].split()[:5] == ["1", "robot", "read,", "write", "revoked"]


def test_a_token_of_an_account_that_nobody_knows_is_not_made_nor_shown(database: str) -> None:
    assert people(database, "token", "add", "robot", "--scope", "read", "--user", "ada") == (
        1,
        "",
        "there is no account ada\n",
    )


@pytest.mark.parametrize("group", ["user", "token"])
def test_a_word_that_is_no_command_is_named(database: str, group: str) -> None:
    code, _, said = invoked(group, "frob")

    assert code == 2
    assert "No such command 'frob'" in said
