"""Pages and routes beside the file: what is wrong with them, and how they come together with those of the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from statuswire.config import Config, layers, validate
from statuswire.config.own import Fault, LeftOut, merge, read_page, read_route
from statuswire.config.routes import RouteConfig
from statuswire.config.settings import PageConfig
from statuswire.model import Own

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)

FILE = """
pages: [openai, {slug: payments, url: "https://status.payments.example"}]
channels:
  ops: {kind: webhook, url: "https://ops.example.com/hook"}
  pager: {kind: pagerduty, key: "0123456789abcdef0123456789abcdef"}
routes: [{name: loud, channel: pager, impact: ">=major"}]
"""


def config(text: str = FILE) -> Config:
    return validate(layers.parse(text, "statuswire.yaml"), {})


def own(name: str, body: Mapping[str, object], position: int = 0) -> Own:
    return Own(name, body, "ann", NOW, NOW, position)


# --- pages -------------------------------------------------------------------------------------------------------


def test_a_page_is_read_as_the_file_would_be() -> None:
    page = read_page({"name": "Acme", "url": "https://status.acme.example", "tags": "critical-path"}, config())

    assert isinstance(page, PageConfig)
    assert (page.target().slug, page.tags) == ("acme", ("critical-path",))


@pytest.mark.parametrize(
    ("body", "field", "beginning"),
    [
        ({}, "", "needs a `url`"),
        ({"slug": "openay"}, "", "`openay` is not in the catalog"),
        ({"url": "ftp://acme.example"}, "", "`ftp://acme.example` is not an address"),
        ({"slug": "openai"}, "slug", "is `openai`, which stands in the configuration file"),
        ({"slug": "payments", "url": "https://x.example"}, "slug", "is `payments`, which stands in the"),
        ({"slug": "all", "url": "https://x.example"}, "slug", "may not be `all`"),
        ({"slug": "Not A Slug", "url": "https://x.example"}, "slug", "must be text of another form"),
        ({"url": "https://x.example", "components": "API"}, "components", "must be a list"),
        ({"url": "https://x.example", "components": ["API", 1]}, "components[1]", "must be text"),
        ({"url": "https://x.example", "tag": "x"}, "tag", "is not a setting; did you mean `tags`?"),
        ({"url": "https://x.example", "time_zone": "Mars"}, "time_zone", "`Mars` is not a time zone"),
    ],
)
def test_what_is_wrong_with_a_page_is_told_at_its_field(body: dict[str, object], field: str, beginning: str) -> None:
    faults = read_page(body, config())

    assert isinstance(faults, tuple)
    assert [one.field for one in faults] == [field]
    assert faults[0].sentence.startswith(beginning)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("headers", {"X-Key": "secret-1"}),
        ("headers", {"X-Key_env": "HOME"}),
        ("cookies", {"session": "secret-1"}),
        ("basic_auth", {"user": "ann", "password_env": "HOME"}),
        ("bearer_env", "HOME"),
        ("bearer_file", "/etc/passwd"),
        ("hosts", ["internal.example"]),
        ("ca_file", "/etc/passwd"),
        ("allow_private", True),
        ("allow_private", "yes"),
    ],
)
def test_secrets_files_and_private_addresses_are_for_the_file_alone(key: str, value: object) -> None:
    faults = read_page({"url": "https://x.example", key: value}, config())

    assert faults == (Fault(key, "can only be set in the configuration file"),)


def test_the_keys_that_could_stand_there_leave_out_those_of_the_file() -> None:
    faults = read_page({"url": "https://x.example", "zzz": 1}, config())

    assert isinstance(faults, tuple)
    assert "headers" not in faults[0].sentence


# --- routes ------------------------------------------------------------------------------------------------------


def test_a_route_is_read_as_the_file_would_be() -> None:
    route = read_route({"name": "quiet", "channel": "ops", "page": "acme", "hold": "3m"}, config())

    assert isinstance(route, RouteConfig)
    assert route.page == ("acme",)


@pytest.mark.parametrize(
    ("body", "field", "beginning"),
    [
        ({"channel": "ops"}, "name", "is needed"),
        ({"name": "a"}, "channel", "is needed"),
        ({"name": "a b", "channel": "ops"}, "name", "must be text of another form"),
        ({"name": "a", "channel": "opps"}, "channel", "names the channel `opps`, which is not there; did you mean"),
        ({"name": "a", "channel": ["ops", "opps"]}, "channel[1]", "names the channel `opps`"),
        ({"name": "a", "channel": "ops", "template": "short"}, "template", "is none of the templates"),
        ({"name": "a", "channel": "ops", "impact": "huge"}, "impact", "has `huge`, which is no impact"),
        ({"name": "a", "channel": "ops", "digest": {"evry": "4h"}}, "digest.evry", "is not a setting; did you mean"),
        ({"name": "loud", "channel": "ops"}, "name", "is `loud`, the name of a route of the configuration file"),
        ({"name": "ops", "channel": "pager"}, "name", "is `ops`, the name of a route of the configuration file"),
    ],
)
def test_what_is_wrong_with_a_route_is_told_at_its_field(body: dict[str, object], field: str, beginning: str) -> None:
    faults = read_route(body, config())

    assert isinstance(faults, tuple)
    assert faults[0].field == field
    assert faults[0].sentence.startswith(beginning)


def test_without_channels_there_is_nowhere_to_tell_anything() -> None:
    faults = read_route({"name": "a", "channel": "ops"}, config("pages: [openai]"))

    assert faults == (Fault("channel", "names the channel `ops`, which is not there; there is none at all"),)


def test_a_route_may_take_the_place_of_what_a_channel_is_told_without_one() -> None:
    merged = merge(config(), (), [own("ops", {"name": "ops", "channel": "ops", "page": "acme"})])

    assert [(one.name, one.filter.pages) for one in merged.config.told()] == [("loud", ()), ("ops", ("acme",))]


# --- together ----------------------------------------------------------------------------------------------------


def test_pages_and_routes_of_the_file_come_first() -> None:
    page = {"slug": "acme", "url": "https://status.acme.example"}
    routes = [own("one", {"name": "one", "channel": "ops"}), own("two", {"name": "two", "channel": ["ops", "pager"]})]

    merged = merge(config(), [own("acme", page)], routes)

    assert [target.slug for target in merged.config.targets] == ["openai", "payments", "acme"]
    assert [one.name for one in merged.config.told()] == ["loud", "one", "two"]
    assert merged.left_out == ()


def test_what_the_file_has_taken_since_is_left_out_with_the_reason() -> None:
    pages = [own("payments", {"slug": "payments", "url": "https://elsewhere.example"})]
    routes = [own("gone", {"name": "gone", "channel": "was-there"}), own("loud", {"name": "loud", "channel": "ops"})]

    merged = merge(config(), pages, routes)

    assert merged.config.targets == config().targets
    assert [(one.kind, one.name) for one in merged.left_out] == [
        ("page", "payments"),
        ("route", "gone"),
        ("route", "loud"),
    ]
    assert merged.left_out[0] == LeftOut(
        "page", "payments", "`slug` is `payments`, which stands in the configuration file; change it there"
    )


def test_a_channel_without_a_route_is_told_everything_until_one_names_it() -> None:
    assert [one.name for one in merge(config(), (), ()).config.told()] == ["loud", "ops"]
