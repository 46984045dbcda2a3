"""The socket that we listen on."""

from __future__ import annotations

from contextlib import closing

import pytest

from statuswire.errors import ConfigError
from statuswire.web.listening import base_url, is_loopback, listen


def test_port_0_takes_a_free_one() -> None:
    with closing(listen("127.0.0.1", 0)) as listener:
        assert base_url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_port_in_use_says_what_to_do() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        taken.listen()

        with pytest.raises(ConfigError, match="choose another with --port"):
            listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["a" * 300, "a..b"])
def test_an_address_that_is_none_says_what_to_do(host: str) -> None:
    with pytest.raises(ConfigError, match="--host"):
        listen(host, 0)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_only_this_machine_reaches_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
