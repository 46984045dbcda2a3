"""Private pages in the configuration: what is sent, where to, and that no secret is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire import config
from statuswire.cli import summary
from statuswire.cli.printing import config_json
from statuswire.config import layers
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

CANARY = "canary-1f3a"
PAGE = "https://status.acme.example"
ORIGIN = f"{PAGE}:443"


def settings(page: str, **environ: str) -> config.Config:
    return config.validate(layers.parse(f"pages: [{{{page}}}]", "test.yaml"), environ)


def complaint(page: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(page, **environ)
    return str(caught.value)


@pytest.mark.parametrize(
    ("access", "sent"),
    [
        ("bearer_env: TOKEN", {"Authorization": f"Bearer {CANARY}"}),
        ("headers: {X-Api-Key_env: TOKEN}", {"X-Api-Key": CANARY}),
        ("headers: {X-Api-Key: plain, X-Flag: 1}", {"X-Api-Key": "plain", "X-Flag": "1"}),
        ("cookies: {session_env: TOKEN, lang: en}", {"Cookie": f"session={CANARY}; lang=en"}),
        ("basic_auth: {user: ops, password_env: TOKEN}", {"Authorization": "Basic b3BzOmNhbmFyeS0xZjNh"}),
        ("basic_auth: {user: zoë, password_env: ODD}", {"Authorization": "Basic em/Dqzrhuqc6IHg="}),
    ],
)
def test_each_way_in_becomes_request_headers_for_the_page(access: str, sent: dict[str, str]) -> None:
    loaded = settings(f"url: '{PAGE}/', {access}", TOKEN=f" {CANARY}\n", ODD="\u1ea7: x")

    assert loaded.credentials() == {ORIGIN: sent}


@pytest.mark.parametrize(
    "access", ["bearer_file: FILE", "headers: {X-Key_file: FILE}", "basic_auth: {user: ops, password_file: FILE}"]
)
def test_secrets_are_read_from_files_without_the_line_end(access: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{CANARY}\n")

    (sent,) = settings(f"url: '{PAGE}', {access.replace('FILE', str(file))}").credentials().values()

    assert "\n" not in "".join(sent.values())
    assert CANARY in sent.get("X-Key", CANARY)


def test_other_hosts_get_them_only_where_they_are_listed() -> None:
    loaded = settings(f"url: '{PAGE}', bearer_env: T, hosts: [api.acme.example, 'https://b.example:8443']", T=CANARY)

    assert set(loaded.credentials()) == {ORIGIN, "https://api.acme.example:443", "https://b.example:8443"}


def test_the_feed_of_another_host_gets_nothing() -> None:
    loaded = settings(f"url: '{PAGE}', feed: 'https://feeds.example/a.rss', bearer_env: T", T=CANARY)

    assert set(loaded.credentials()) == {ORIGIN}


def test_public_pages_send_nothing() -> None:
    assert config.load(environ={}).credentials() == {}


def test_two_pages_of_one_host_may_send_the_same_but_not_different_things() -> None:
    first, second = "{url: 'https://s.example/one', bearer_env: A}", "{url: 'https://s.example/two', bearer_env: B}"
    pages = f"pages: [{first}, {second}]"

    same = config.validate(layers.parse(pages, "x"), {"A": CANARY, "B": CANARY})
    with pytest.raises(ConfigError) as caught:
        config.validate(layers.parse(pages, "x"), {"A": CANARY, "B": f"{CANARY}2"})

    assert len(same.credentials()) == 1
    assert "`pages[1]` sends other headers, cookies, password or token to https://s.example:443 than pages[0]" in str(
        caught.value
    )
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("access", "sentence"),
    [
        ("bearer_env: NONE", "`pages[0].bearer_env` names the variable NONE, which is not set"),
        (
            "bearer_file: /nowhere/x",
            "`pages[0].bearer_file` names a file that cannot be read: /nowhere/x: No such file",
        ),
        ("bearer_env: T, bearer_file: /x", "needs one of `bearer_env` and `bearer_file`"),
        ("basic_auth: {user: a}", "needs one of `password_env` and `password_file`"),
        ("basic_auth: {user: 'a:b', password_env: T}", "`pages[0].basic_auth.user`"),
        ("basic_auth: {user: a, password: x}", "`pages[0].basic_auth.password` is not a setting"),
        ("bearer: x", "`pages[0].bearer` is not a setting"),
        ("bearer_env: T, headers: {authorization: x}", "may have one of `basic_auth`, a bearer token and an Auth"),
        ("cookies: {a: b}, headers: {Cookie: x}", "may have `cookies` or a Cookie header, not both"),
        ("headers: {Host: x}", "`pages[0].headers.Host` is a header that statuswire sets itself"),
        ("headers: {'X Y': x}", "is not a name that can be sent"),
        ("headers: {X-A: ''}", "needs a value of 1 to 4096 characters"),
        ("headers: {X-A_env: LINES}", "has a value with other than printable ASCII"),
        ("headers: {X-A_env: NONE}", "names the variable NONE, which is not set"),
        ("cookies: {a_env: COOKIES}", "has a value with blanks, quotation marks, semicolons"),
        ("bearer_env: LINES", "`pages[0].bearer_env` has a value with other than printable ASCII"),
        ("hosts: [api.example]", "lists `hosts`, but has no headers"),
        ("bearer_env: T, hosts: ['ftp://x.example']", "`pages[0].hosts[0]` is not a host"),
        ("bearer_env: T, hosts: ['https://x.example/path']", "is not a host"),
        ("bearer_env: T, hosts: ['http://x.example']", "sends secrets to http://x.example:80; they need https"),
    ],
)
def test_a_mistake_says_what_would_be_right_and_never_the_secret(access: str, sentence: str) -> None:
    text = complaint(f"url: '{PAGE}', {access}", T=CANARY, LINES=f"{CANARY}\nX-Evil: 1", COOKIES=f"{CANARY}; other=1")

    assert sentence in text
    assert CANARY not in text


def test_secrets_do_not_travel_in_clear_unless_the_page_is_a_private_one() -> None:
    assert "they need https" in complaint("url: 'http://status.acme.example', bearer_env: T", T=CANARY)
    loaded = settings("url: 'http://10.0.0.7', allow_private: true, bearer_env: T", T=CANARY)

    assert set(loaded.credentials()) == {"http://10.0.0.7:80"}


def test_no_secret_is_shown_by_check_config_or_repr() -> None:
    access = "headers: {X-A_env: T, X-B: CANARY}, cookies: {c_env: T}, basic_auth: {user: ops, password_env: T}"
    loaded = settings(f"url: '{PAGE}', {access.replace('CANARY', CANARY)}", T=CANARY)

    told = "\n".join(summary.lines(loaded, None))
    shown = config_json(loaded) + told + repr(loaded) + str(loaded) + loaded.model_dump_json()

    assert CANARY not in shown
    assert "b3Bz" not in shown


def test_the_schema_has_no_place_for_a_password() -> None:
    page = config.schema()["$defs"]["PageConfig"]["anyOf"][1]["properties"]

    assert {"bearer_env", "bearer_file", "basic_auth", "headers", "cookies", "hosts"} <= set(page)
    assert set(config.schema()["$defs"]["BasicAuth"]["properties"]) == {"user", "password_env", "password_file"}


def test_a_private_page_asked_for_on_the_command_line_is_still_opened(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("pages: [{url: 'http://127.0.0.1:9', allow_private: true, bearer_env: T}]")

    loaded = config.load(file, environ={"T": CANARY}, options=RunOptions(watch=("http://127.0.0.1:9",)))

    assert loaded.credentials() == {"http://127.0.0.1:9": {"Authorization": f"Bearer {CANARY}"}}
    assert loaded.targets[0].allow_private


def test_another_place_of_the_same_name_is_not(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("pages: [{slug: acme-example, url: 'https://inner.acme.example', bearer_env: T}]")

    loaded = config.load(file, environ={"T": CANARY}, options=RunOptions(watch=("https://acme.example",)))

    assert [target.url for target in loaded.targets] == ["https://acme.example"]
    assert loaded.credentials() == {}
