"""The documentation says what there is: whatever can be named is documented, and whatever is documented exists."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
import trustme
import yaml
from benchmarks import __main__ as benchmarks
from pydantic import BaseModel

from manual import platforms
from statuswire import config, model
from statuswire.channels import CHANNELS, console
from statuswire.channels.base import ChannelSettings
from statuswire.channels.console_report import (
    Heartbeat,
    LastIncident,
    PageBeat,
    WatcherReport,
    render_heartbeat,
    render_report,
)
from statuswire.cli import app, overview
from statuswire.config import layers, words
from statuswire.config.quiet import DigestConfig, EscalationConfig, QuietHoursConfig
from statuswire.config.routes import FilterConfig, RouteConfig, SilenceConfig
from statuswire.errors import FetchReason, ParseReason, StoreReason
from statuswire.model import (
    AffectedComponent,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    PageRef,
    Phase,
    Source,
    Status,
)
from statuswire.signing import TOLERANCE
from statuswire.web import control
from statuswire.web.problems import CODES
from statuswire.web.questions import DEFAULT_LIMIT, MAX_LIMIT
from statuswire.web.table import ROWS
from statuswire.web.trust import HookSettings
from statuswire.wire import to_mapping

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<mark>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)

HOOK_PATHS = (
    "/webhook",
    "/webhook/{platform}",
    "/webhook/generic/{provider}",
    "/hooks/{token}",
    "/signals/{token}",
    "/test",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def reference(name: str) -> str:
    return text_of(f"docs/reference/{name}.md")


def section(text: str, heading: str) -> str:
    """What stands below a second-level heading."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading}"
    return found[1]


def examples(language: str) -> list[Any]:
    """Every code block in a language, named by its page and number."""
    found = []
    for page in PAGES:
        blocks = [one for one in FENCE.finditer(page.read_text(encoding="utf-8")) if one["language"] == language]
        found += [pytest.param(block["body"], id=f"{page.relative_to(ROOT)}-{n}") for n, block in enumerate(blocks, 1)]
    return found


def missing(words: Iterator[str] | list[str] | tuple[str, ...], text: str) -> list[str]:
    """Those that are not named in the text, as code."""
    return [word for word in words if f"`{word}`" not in text]


# --- commands ----------------------------------------------------------------------------------------------------


def commands() -> dict[str, Any]:
    """Every command by what a user types: `run`, `db upgrade`."""
    top = app.app
    found: dict[str, Any] = {}
    for name, command in vars(top)["commands"].items():
        inner = vars(command).get("commands")
        found |= {f"{name} {sub}": one for sub, one in inner.items()} if inner else {name: command}
    return found


def options_of(command: Any) -> set[str]:
    """The options of a command, but for those that every command has."""
    spelt = (spelling for one in command.params for spelling in one.opts if spelling.startswith("-"))
    return set(spelt) - {"-h", "--help"}


def test_every_command_has_a_section_of_its_own() -> None:
    headings = set(re.findall(r"^## (.+)$", reference("commands"), re.MULTILINE))

    assert {name.partition(" ")[0] for name in commands()} <= headings


def test_every_command_of_the_overview_exists() -> None:
    shown = {name for group in overview.COMMANDS.values() for name in group}

    assert shown == {name.partition(" ")[0] for name in commands()}


@pytest.mark.parametrize("word", sorted({name.partition(" ")[0] for name in commands()}))
def test_every_option_of_a_command_is_documented_and_every_documented_one_exists(word: str) -> None:
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)", section(reference("commands"), word)))
    of_all = (options_of(one) for name, one in commands().items() if name.partition(" ")[0] == word)

    assert documented == set().union(*of_all)


@pytest.mark.parametrize("example", examples("console"))
def test_examples_use_commands_and_options_that_exist(example: str) -> None:
    for line in example.replace("\\\n", " ").splitlines():
        called = re.search(r"(?:^\$ |\| )(?:\S+=\S+ )*(?:\.venv/bin/)?statuswire (?P<rest>[^|#&]*)", line)
        if not called:
            continue
        words = called["rest"].split()
        usual = (f"{words[0]} {word}" for word in ("search", "list"))
        name = next(one for one in (" ".join(words[:2]), words[0], *usual) if one in commands())

        assert {word for word in words if word.startswith("--")} <= options_of(commands()[name])


# --- settings ----------------------------------------------------------------------------------------------------


def settings_of(kind: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every plain setting with its default: `server.port`, 8000. Pages and secrets are lists of their own."""
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings_of(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, field.default


SETTINGS = dict(settings_of(config.Config))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented_with_its_default_and_its_variable(name: str) -> None:
    row = next((one for one in reference("configuration").splitlines() if one.startswith(f"| `{name}` |")), "")

    variable = f"STATUSWIRE_{name.upper().replace('.', '__')}"
    default = SETTINGS[name]
    shown = config.spell_duration(default) if isinstance(default, timedelta) else str(default)

    assert f"`{variable}`" in row
    if shown and default is not None and "Undefined" not in shown:
        assert f"`{shown.lower() if isinstance(default, bool) else shown}`" in row
    assert f"\n- `{name}`: " in reference("configuration")


def test_every_documented_setting_and_variable_exists() -> None:
    text = reference("configuration")

    rows = re.findall(r"^\| `([a-z_.]+)` \| .* \| `STATUSWIRE", text, re.MULTILINE)

    assert set(rows) == set(SETTINGS)


def test_every_key_of_a_page_is_documented() -> None:
    text = section(reference("configuration"), "Pages")

    assert not missing(list(config.PageConfig.model_fields), text)


def test_every_key_of_channels_routes_and_silences_is_documented() -> None:
    text = reference("configuration")

    assert not missing(["kind", *ChannelSettings.model_fields], section(text, "Channels"))
    assert not missing(list(CHANNELS), section(text, "Channels"))
    assert not missing(list(words.keys(RouteConfig)), section(text, "Routes"))
    for inner in (DigestConfig, QuietHoursConfig, EscalationConfig):
        assert not [key for key in words.keys(inner) if key not in section(text, "Routes")]
    assert not missing([key for key in words.keys(SilenceConfig) if key not in FilterConfig.model_fields], text)


def test_every_hook_path_that_may_have_a_secret_is_documented() -> None:
    text = section(reference("configuration"), "Hook secrets")

    assert not missing(list(config.hook_paths().values()), text)


def test_every_variable_that_the_sources_read_is_documented() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))

    named = set(re.findall(r'"(STATUSWIRE_[A-Z_]*[A-Z]|NO_COLOR|TERM)"', sources))

    assert named and not missing(sorted(named), reference("configuration"))


def settings_of_channel(given: dict[str, object]) -> ChannelSettings:
    """The settings of a channel as the kind itself reads them, secrets that are only named filled in."""
    stand_ins = {"url": "https://example.com/", "secret": "whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="}
    named = {name.removesuffix("_env"): name for name in given if name.endswith("_env")}
    plain = {name: value for name, value in given.items() if name != "kind" and name not in named.values()}
    filled = {name: stand_ins.get(name, "a-secret") for name in named}
    return CHANNELS[str(given["kind"])].settings.model_validate(plain | filled)


@pytest.mark.parametrize("example", examples("yaml"))
def test_yaml_examples_are_good_configurations(example: str, tmp_path: Path) -> None:
    """With the variables and files that they name."""
    if "scrape_configs" in example:
        assert yaml.safe_load(example)
        return
    if example.startswith("channels:"):
        assert all(settings_of_channel(one) for one in yaml.safe_load(example)["channels"].values())
        return
    authorities = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(authorities)
    named = re.findall(r"_env: ([A-Z_]+)", example)
    text = re.sub(r"(?<=ca_file: )[^\s}]+", str(authorities), example)
    assert config.validate(layers.parse(text, "example"), dict.fromkeys(named, "a-secret"))


# --- words -------------------------------------------------------------------------------------------------------

VOCABULARY: dict[str, type[StrEnum]] = {
    "status": model.Status,
    "phase": model.Phase,
    "impact": model.Impact,
    "kind": model.Kind,
    "source": model.Source,
    "cover": model.Cover,
    "role": model.Role,
    "feed state": model.FeedState,
}


@pytest.mark.parametrize("name", VOCABULARY)
def test_the_glossary_has_the_very_words_of_the_model(name: str) -> None:
    rows = text_of("docs/glossary.md").splitlines()

    row = next(one for one in rows if one.startswith(f"| {name} | `"))

    assert re.findall(r"`([a-z_]+)`", row) == [word.value for word in VOCABULARY[name]]


def test_the_event_types_are_the_very_ones_of_the_model() -> None:
    table = section(reference("events"), "Types")

    assert re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE) == [kind.value for kind in EventType]


def test_the_page_of_platforms_is_what_the_adapters_say() -> None:
    assert text_of("docs/platforms.md") == platforms.render(), "stale: `make docs` writes it anew"


def test_every_console_format_is_documented() -> None:
    marked = {one["mark"] for one in FENCE.finditer(reference("console")) if one["mark"]}

    assert marked == {f"format={name}" for name in console.FORMATS}


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    source = text_of("src/statuswire/metrics/__init__.py")

    listed = set(re.findall(r"^\| (statuswire_\w+) \|", source, re.MULTILINE))

    assert listed == set(re.findall(r"^\| `(statuswire_\w+)` \|", reference("metrics"), re.MULTILINE))


def test_every_reason_of_a_failure_is_documented() -> None:
    text = reference("metrics")

    assert not missing([one.value for one in (*FetchReason, *ParseReason)], text)
    assert not missing([one.value for one in StoreReason], reference("http"))


# --- HTTP --------------------------------------------------------------------------------------------------------


API_VIEW = "api.mount:answer"


def test_every_path_is_documented_and_every_documented_one_exists() -> None:
    documented = re.findall(r"^\| (?:GET|POST|WEBSOCKET) \| `([^`]+)` \|", reference("http"), re.MULTILINE)

    assert set(documented) == {*(row.pattern for row in ROWS if row.view != API_VIEW), *HOOK_PATHS, control.PATH}


def test_every_call_of_the_api_is_documented_with_who_may_and_every_documented_one_exists() -> None:
    documented = re.findall(r"^\| ([A-Z]+) \| `([^`]+)` \| (\w+) \|", reference("api"), re.MULTILINE)

    assert documented == [(row.method, row.pattern, row.need.value) for row in ROWS if row.view == API_VIEW]


def test_every_command_has_its_call_or_is_said_to_have_none() -> None:
    table = section(reference("api"), "Commands")

    assert not [name for name in itertools.chain(*overview.COMMANDS.values()) if f"`{name}`" not in table]


def test_every_code_of_a_refusal_is_documented_and_every_documented_one_exists() -> None:
    table = section(reference("http"), "Codes")

    assert set(re.findall(r"^\| `([a-z_]+)` \| \d{3} \|", table, re.MULTILINE)) == CODES


def test_the_limits_of_hooks_and_lists_are_the_documented_ones() -> None:
    text, limits = reference("http"), HookSettings()

    assert f"larger than {limits.max_body_bytes // 1024**2} MiB" in text
    assert f"not complete after {limits.body_deadline_s:g} seconds" in text
    assert f"| `limit` | 1 to {MAX_LIMIT}, {DEFAULT_LIMIT} unless given |" in text
    assert f"may differ from ours by {TOLERANCE.total_seconds() / 60:g} minutes" in text


# --- examples ----------------------------------------------------------------------------------------------------

AT = datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)
EVENT = Event(
    type=EventType.INCIDENT_UPDATED,
    key="k",
    at=AT,
    seen_at=AT + timedelta(seconds=2.1),
    source=Source.HOOK,
    page=PageRef("acme", "Acme Relay", "https://status.acme-relay.example"),
    incident=EventIncident(
        id="w2x4y6z8b1c3",
        title="Slow API",
        kind=Kind.INCIDENT,
        phase=Phase.IDENTIFIED,
        impact=Impact.MINOR,
        url="https://status.acme-relay.example/incidents/w2x4y6z8b1c3",
        started_at=AT.replace(minute=10, second=0),
        resolved_at=None,
        components=(AffectedComponent("k3m9s8d1f2gh", "API", "Europe", Status.DEGRADED),),
    ),
    update=EventUpdate("u2", Phase.IDENTIFIED, "A bad deploy.", AT),
    id=812,
)


@pytest.mark.parametrize("name", console.FORMATS)
def test_the_console_examples_are_what_the_console_prints(name: str) -> None:
    shown = next(one["body"] for one in FENCE.finditer(reference("console")) if one["mark"] == f"format={name}")

    assert shown.removesuffix("\n") == console.render(EVENT, name)


def test_the_report_and_the_heartbeats_are_what_the_watcher_prints() -> None:
    last = LastIncident("Slow API", AT)
    calm = PageBeat("Acme Relay", Status.OPERATIONAL, last)
    slow = PageBeat("Brook Pay", Status.DEGRADED, None, ("Slow payments",), ("Payments",))
    blind = PageBeat("Cinder", Status.OPERATIONAL, stale_since=AT)
    source = "https://status.acme-relay.example/history.rss"
    report = WatcherReport(source, timedelta(seconds=10), 12, calm, ("API", "Webhooks"), "RSS")

    text = section(reference("console"), "watcher")

    assert render_report(report) in text
    assert render_heartbeat(Heartbeat(AT, (calm,))) in text
    assert render_heartbeat(Heartbeat(AT, (calm, slow, blind))) in text


def test_the_event_example_is_the_event_that_the_console_examples_show() -> None:
    shown = next(one["body"] for one in FENCE.finditer(reference("events")) if one["language"] == "json")

    assert json.loads(shown) == to_mapping(EVENT)


@pytest.mark.parametrize("example", examples("json"))
def test_json_examples_parse(example: str) -> None:
    assert json.loads(example)


# --- pages -------------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|mailto:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page

        assert aim.exists(), target
        assert not anchor or anchor in anchors(aim), target


def test_the_index_names_every_page() -> None:
    index = text_of("docs/README.md")

    pages = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page.name != "README.md"]

    assert not [page for page in pages if f"]({page})" not in index]


def test_the_readme_begins_with_what_it_is_the_two_commands_and_the_picture() -> None:
    first_screen = text_of("README.md").splitlines()[:25]

    run, test = (next(n for n, line in enumerate(first_screen) if f"make {word}" in line) for word in ("run", "test"))
    picture = next(n for n, line in enumerate(first_screen) if "docs/images/console.svg" in line)

    assert run < test < picture
    assert not any("statuswire " in line and line.startswith("$") for line in first_screen[:run])


def test_the_picture_asks_nobody_for_anything() -> None:
    picture = text_of("docs/images/console.svg")

    assert "<script" not in picture
    assert not re.search(r"(?:@import|@font-face|url\(['\"]?https?:|xlink:href=|<image)", picture)


def test_the_changelog_has_an_unreleased_section_with_something_in_it() -> None:
    assert re.search(r"^- \S", section(text_of("CHANGELOG.md"), "Unreleased"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_are_plain(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert text.startswith("# ") and text.endswith("\n")
    assert "TODO" not in text
    assert not [letter for letter in text if ord(letter) > 0x1F000]


def test_every_decision_says_context_choice_rejected_and_consequences() -> None:
    for page in sorted((DOCS / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        parts = [text.index(f"**{word}.**") for word in ("Context", "Choice", "Rejected", "Consequences")]

        assert parts == sorted(parts), page.name


def test_every_benchmark_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text_of("docs/performance.md"), re.MULTILINE)

    assert sorted(rows) == sorted([*benchmarks.names(), "noise"])


def test_the_words_of_the_log_settings_are_documented() -> None:
    words = itertools.chain.from_iterable(
        get_args(config.LogConfig.model_fields[name].annotation) for name in ("level", "format")
    )

    assert not missing(list(words), reference("configuration"))
