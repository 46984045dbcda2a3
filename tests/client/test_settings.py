"""Which server is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.client.settings import is_named, server_of, server_of_command, token_in
from statuswire.errors import ConfigError

ENVIRON = {
    "STATUSWIRE_SERVER": "https://status.example.com",
    "STATUSWIRE_TOKEN": "sw_canary\n",
    "STATUSWIRE_CA_FILE": "/ca.pem",
}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://status.example.com", "https://status.example.com"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://example.com/inner/api/v1/", "https://example.com/inner"),
        ("https://example.com:443", "https://example.com"),
    ],
)
def test_addresses_are_taken_apart(url: str, told: str) -> None:
    assert server_of(url, environ={}).url == told


@pytest.mark.parametrize(
    "url",
    ["example.com", "ftp://x", "http://", "http://a:b@x", "http://x?y", "http://x#y", "http://x:99999", "http://x/ y"],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        server_of(url, environ={})


def test_the_environment_says_which_server_and_as_whom() -> None:
    server = server_of(environ=ENVIRON)

    assert (server.url, server.token, server.ca_file) == ("https://status.example.com", "sw_canary", "/ca.pem")
    assert is_named(None, ENVIRON) and not is_named(None, {})


def test_the_token_of_the_environment_goes_to_no_other_server() -> None:
    assert server_of("https://elsewhere.example", environ=ENVIRON).token == ""


@pytest.mark.parametrize("token", ["sw_a\r\nX: y", "sw_a b", "sw_ä"])
def test_a_token_that_no_header_may_have_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ConfigError) as refused:
        server_of("https://x.example", token, environ={})

    assert token not in str(refused.value)


def test_no_server_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="STATUSWIRE_SERVER"):
        server_of(environ={})


def test_a_command_shows_the_token_to_whatever_server_it_was_given() -> None:
    environ = {"STATUSWIRE_SERVER": "https://one.example", "STATUSWIRE_TOKEN": "sw_x"}

    def asked(url: str | None, environ: dict[str, str]) -> tuple[str, str]:
        server = server_of_command(url, "http://127.0.0.1:8000", environ=environ)
        return server.url, server.token

    assert asked("https://two.example", environ) == ("https://two.example", "sw_x")
    assert asked(None, environ) == ("https://one.example", "sw_x")
    assert asked(None, {}) == ("http://127.0.0.1:8000", "")


def test_a_file_may_hold_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sw_canary\n", encoding="utf-8")

    assert token_in(tmp_path / "token") == "sw_canary"
    environ = {"STATUSWIRE_TOKEN": "sw_other"}
    assert server_of_command("https://one.example", "", tmp_path / "token", environ).token == "sw_canary"
    with pytest.raises(ConfigError, match="the file of the token cannot be read"):
        token_in(tmp_path / "none")
