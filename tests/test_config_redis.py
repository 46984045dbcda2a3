"""Where Redis is: addresses of all kinds, secrets from elsewhere, and what is said of it, never with a secret."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from statuswire import config
from statuswire.cli import printing, summary
from statuswire.config import layers
from statuswire.config.redis import RedisConfig, RedisPlace
from statuswire.errors import ConfigError
from statuswire.options import RunOptions


def place_of(text: str, environ: dict[str, str] | None = None) -> RedisPlace | None:
    return config.validate(layers.parse(text, "test.yaml"), environ or {}).redis.place()


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        place_of(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://cache", RedisPlace("cache")),
        ("redis://cache:7000/3", RedisPlace("cache", 7000, database=3)),
        ("redis://[::1]:7000", RedisPlace("::1", 7000)),
        ("rediss://ops@cache.example.com", RedisPlace("cache.example.com", user="ops", is_tls=True)),
        ("redis://:p%40ss@cache?db=2", RedisPlace("cache", password="p@ss", database=2)),
        ("unix:///run/redis.sock?db=1", RedisPlace(path="/run/redis.sock", database=1)),
        ("unix://ops:word@/run/redis.sock", RedisPlace(path="/run/redis.sock", user="ops", password="word")),
    ],
)
def test_an_address_says_where_it_is_and_how_to_get_in(url: str, place: RedisPlace) -> None:
    assert place_of(f"redis: {{url: '{url}'}}") == place


def test_without_an_address_there_is_none() -> None:
    assert place_of("pages: []") is None
    assert place_of("redis: {prefix: ours}") is None


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://cache", "is not an address of Redis"),
        ("cache:6379", "is not an address of Redis"),
        ("redis://", "names no host"),
        ("redis://ca che", "names no host"),
        ("redis://cache:99999", "is not an address"),
        ("redis://cache/three", "names no database by its number"),
        ("redis://cache?ssl_cert_reqs=none", "asks for more than `db`"),
        ("unix://run/redis.sock", "names no socket by its absolute path"),
    ],
)
def test_a_wrong_address_is_named_with_its_line_and_what_would_be_right(url: str, sentence: str) -> None:
    told = complaint(f"redis:\n  url: '{url}'")

    assert told.startswith("test.yaml:2: `redis.url` ") and sentence in told and "redis" in told.partition("right:")[2]


def test_a_password_comes_from_a_variable_or_a_file_and_from_one_place_only(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from a file\n")
    address = "url: 'redis://ops@cache'"

    by_variable = place_of(f"redis: {{{address}, password_env: REDIS_WORD}}", {"REDIS_WORD": "from a variable"})
    by_file = place_of(f"redis: {{{address}, password_file: {file}}}")

    assert by_variable is not None and by_variable.password == "from a variable"
    assert by_file is not None and by_file.password == "from a file"
    assert "REDIS_WORD, which is not set" in complaint(f"redis: {{{address}, password_env: REDIS_WORD}}")
    twice = complaint(f"redis: {{url: 'redis://:swordfish@cache', password_file: {file}}}")
    assert "may have one of" in twice and "swordfish" not in twice


def test_certificates_need_tls_and_are_read_at_once(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)

    found = place_of(f"redis: {{url: 'rediss://cache', ca_file: {file}}}")

    assert found is not None and "BEGIN CERTIFICATE" in found.certificates
    assert "is without TLS" in complaint(f"redis: {{url: 'redis://cache', ca_file: {file}}}")
    assert "cannot be read" in complaint(f"redis: {{url: 'rediss://cache', ca_file: {tmp_path}/none}}")


def test_the_option_wins_over_the_variable_and_this_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("redis: {url: 'redis://of-the-file', prefix: ours}\n")
    variables = {"STATUSWIRE_REDIS": "redis://of-the-variable"}

    def host(environ: dict[str, str], option: str | None) -> tuple[str, str]:
        loaded = config.load(file, environ=environ, options=RunOptions(redis=option))
        place = loaded.redis.place()
        assert place is not None
        return place.host, loaded.redis.prefix

    assert host({}, None) == ("of-the-file", "ours")
    assert host(variables, None) == ("of-the-variable", "ours")
    assert host(variables, "redis://of-the-option") == ("of-the-option", "ours")
    assert host({"STATUSWIRE_REDIS__URL": "redis://long"}, None) == ("long", "ours")


def test_what_is_shown_of_it_holds_no_secret() -> None:
    loaded = config.validate(layers.parse("redis: {url: 'redis://ops:swordfish@cache:1/2'}", "test.yaml"), {})
    place = loaded.redis.place()

    shown = [printing.config_json(loaded), *summary.lines(loaded, None), repr(loaded), str(place), repr(place)]

    assert place is not None and place.password == "swordfish"
    assert "redis://cache:1" in shown[0] and not any("swordfish" in text for text in shown)


@pytest.mark.parametrize(("database", "count"), [("sqlite:///x.db", 1), ("postgresql://127.0.0.1/x", 0)])
def test_a_redis_that_nobody_will_use_is_remarked_upon(tmp_path: Path, database: str, count: int) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(f"database: '{database}'\nredis: {{url: 'redis://cache'}}\n")

    _, remarks = config.check(file, environ={}, now=datetime(2026, 5, 4, tzinfo=UTC))

    assert [one for one in remarks if "one process alone" in one] == remarks[:count]


@given(st.text(max_size=40))
def test_whatever_stands_there_it_is_an_address_or_a_complaint_without_it(text: str) -> None:
    for url in (text, f"redis://{text}", f"rediss://:{text}@cache", f"unix://{text}"):
        try:
            RedisConfig(url=url)
        except ValueError as error:
            assert len(text) < 6 or text not in str(error)
