"""`WHAT:COMPONENT` on the command line: one component of a page, without mistaking ports and paths for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire import config
from statuswire.config.asked import ask, ask_all
from statuswire.errors import ConfigError
from statuswire.options import RunOptions
from statuswire.what import split


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("aws", ("aws", "")),
        ("aws:EC2", ("aws", "EC2")),
        ("aws: us-east-1 / EC2 ", ("aws", "us-east-1 / EC2")),
        ("aws:Region: East", ("aws", "Region: East")),
        ("aws:5xx errors", ("aws", "5xx errors")),
        ("status.example.com", ("status.example.com", "")),
        ("status.example.com:API", ("status.example.com", "API")),
        ("localhost:8000", ("localhost:8000", "")),
        ("localhost:8000:API", ("localhost:8000", "API")),
        ("localhost:8000/feed.rss", ("localhost:8000/feed.rss", "")),
        ("http://[::1]:8000", ("http://[::1]:8000", "")),
        ("http://[::1]:8000:API", ("http://[::1]:8000", "API")),
        ("https://status.example.com", ("https://status.example.com", "")),
        ("https://status.example.com:8443", ("https://status.example.com:8443", "")),
        ("https://status.example.com:8443/x", ("https://status.example.com:8443/x", "")),
        ("https://status.example.com:Checkout/*", ("https://status.example.com", "Checkout/*")),
        ("https://status.example.com/:API", ("https://status.example.com/", "API")),
        ("https://status.example.com:8443:API", ("https://status.example.com:8443", "API")),
        ("https://status.example.com/a:b", ("https://status.example.com/a:b", "")),
        ("https://status.example.com/feed?at=10:00", ("https://status.example.com/feed?at=10:00", "")),
        ("https://status.example.com/a:b: API", ("https://status.example.com/a:b", "API")),
        ("https://status.example.com/feed.rss: EU / API", ("https://status.example.com/feed.rss", "EU / API")),
    ],
)
def test_a_component_stands_behind_a_colon_that_is_no_port_and_no_path(what: str, parts: tuple[str, str]) -> None:
    assert split(what) == parts


@pytest.mark.parametrize("what", ["aws:", "aws: ", "https://status.example.com:"])
def test_a_colon_with_nothing_behind_it_is_a_mistake(what: str) -> None:
    with pytest.raises(ConfigError, match="names no component"):
        split(what)


@pytest.mark.parametrize("what", ["https://ann:pass@status.example.com", "http://ann:p@status.example.com:8443/x"])
def test_n17_a_name_and_a_password_before_the_host_are_no_page_with_a_component(what: str) -> None:
    with pytest.raises(ConfigError, match="user name or password"):
        ask(what)


def test_an_unknown_slug_before_the_colon_is_told_as_ever() -> None:
    with pytest.raises(ConfigError, match="nearest"):
        ask("opnai:API")


def test_components_of_one_page_are_together_and_the_bare_page_means_all() -> None:
    assert ask_all(["aws:EC2", "github", "aws:S3", "aws:EC2"])["aws"].components == ("EC2", "S3")
    assert ask_all(["aws:EC2", "aws"])["aws"].components == ()
    assert ask_all(["aws", "aws:EC2"])["aws"].components == ()


def test_watch_takes_components_for_slugs_and_addresses(tmp_path: Path) -> None:
    watch = ("aws:us-east-1 / EC2", "https://status.acme.example:8443:API")

    loaded = config.load(environ={}, options=RunOptions(watch=watch))

    aws, acme = loaded.targets
    assert (aws.slug, aws.components) == ("aws", ("us-east-1 / EC2",))
    assert (acme.url, acme.components) == ("https://status.acme.example:8443", ("API",))


def test_a_configured_page_is_asked_for_by_its_slug_and_keeps_what_is_said_of_it(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    page = "{slug: pay, name: Payments, url: 'http://10.0.0.7', platform: statuspage, allow_private: true}"
    file.write_text(f"pages: [github, {page}]")

    loaded = config.load(file, environ={}, options=RunOptions(watch=("pay:Checkout/*", "pay:API")))

    github, pay = loaded.targets
    assert github.slug == "github"
    assert (pay.name, pay.platform, pay.allow_private) == ("Payments", "statuspage", True)
    assert pay.components == ("Checkout/*", "API")


def test_another_address_of_that_name_keeps_nothing_of_it(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("pages: [{slug: pay-example, url: 'http://10.0.0.7', platform: statuspage, allow_private: true}]")

    (pay,) = config.load(file, environ={}, options=RunOptions(watch=("https://pay.example",))).targets

    assert (pay.url, pay.platform, pay.allow_private) == ("https://pay.example", None, False)
