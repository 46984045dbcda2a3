"""Channels, routes and silences: what the file may say, what becomes of it, and what is said of mistakes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import Field, SecretStr

from statuswire import config
from statuswire.channels import CHANNELS
from statuswire.channels.base import Channel, ChannelSettings, Conversation
from statuswire.config import layers
from statuswire.config.sources import from_variables
from statuswire.core.calendar import CalendarRule
from statuswire.core.correlation import CorrelationRule
from statuswire.engine.rules import PROGRAM_TYPES, calendar_of, outlets_of, rules_of
from statuswire.errors import ConfigError
from statuswire.model import Delivered, Digest, Escalation, Impact, Message, Mode, Quiet, QuietHours
from statuswire.telling import heartbeats_of

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


class PostSettings(ChannelSettings):
    """Settings as kinds have them: a secret that is needed, texts, a list, a mapping."""

    url: SecretStr
    style: str = "plain"
    to: tuple[str, ...] = ()
    keys: tuple[SecretStr, ...] = Field(default=(), max_length=2)
    headers: dict[str, SecretStr] = Field(default_factory=dict)


def nowhere(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    return Delivered()
    yield


POST = Channel("webhook", "Post", PostSettings, nowhere)
KINDS = {
    **CHANNELS,
    "webhook": POST,
    "exec": Channel("exec", "Programs", ChannelSettings, nowhere, requires="allow_exec"),
}


def loaded(text: str, **environ: str) -> config.Config:
    return config.validate(layers.parse(text, "f.yaml"), environ, KINDS)


def complaint(text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(text, **environ)
    return str(caught.value).splitlines()


def revealed(read: config.Config, name: str) -> PostSettings:
    settings = read.channels[name].settings
    assert isinstance(settings, PostSettings)
    return settings


# --- channels ----------------------------------------------------------------------------------------------------


def test_a_channel_has_the_settings_of_its_kind() -> None:
    read = loaded("channels: {ops: {kind: console, format: provider, rate: 2}}")

    assert read.channels["ops"].kind == "console"
    assert read.channels["ops"].settings.rate == 2


def test_any_setting_may_be_named_in_a_variable_or_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("from-a-file\n")
    text = f"""
        channels:
          post:
            kind: webhook
            url_env: POST_URL
            style_file: {secret}
            to_env: PEOPLE
            keys: [{{env: POST_KEY}}, {{file: {secret}}}]
            headers: {{Authorization_env: POST_KEY, X-Tenant: acme}}
    """

    settings = revealed(loaded(text, POST_URL="https://a.example", POST_KEY="k1", PEOPLE="ann, bob"), "post")

    assert settings.url.get_secret_value() == "https://a.example"
    assert (settings.style, settings.to) == ("from-a-file", ("ann", "bob"))
    assert [one.get_secret_value() for one in settings.keys] == ["k1", "from-a-file"]
    assert {name: one.get_secret_value() for name, one in settings.headers.items()} == {
        "Authorization": "k1",
        "X-Tenant": "acme",
    }


def test_the_environment_overrides_settings_of_channels_as_any_other() -> None:
    given = layers.parse("channels: {post: {kind: webhook, url: https://a.example}}", "f.yaml")
    environ = {
        "STATUSWIRE_CHANNELS__POST__STYLE": "flat",
        "STATUSWIRE_CHANNELS__POST__TO": "[ann, bob]",
        "STATUSWIRE_CHANNELS__POST__RATE": "3",
    }

    read = config.validate(given.over(from_variables(environ)), environ, KINDS)

    settings = revealed(read, "post")
    assert (settings.style, settings.to, settings.rate) == ("flat", ("ann", "bob"), 3)


def test_secrets_are_masked_where_settings_are_shown_and_absent_from_complaints() -> None:
    read = loaded("channels: {post: {kind: webhook, url_env: U, headers: {A: sesame}}}", U="https://sesame.example")
    shown = f"{read.model_dump(mode='json', by_alias=True)} {read!r} {read.channels}"

    assert "sesame" not in shown
    assert not any("sesame" in line for line in complaint("channels: {p: {kind: webhook, url: [sesame]}}"))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{kind: consol}", "`channels.ops.kind` `consol` is not a kind of channel; did you mean `console`?"),
        ("{format: json}", "`channels.ops` needs a `kind`; right: console"),
        ("console", "`channels.ops` must be a mapping, such as {kind: slack, url_env: SLACK_URL}"),
        ("{kind: console, fromat: x}", "`channels.ops.fromat` is not a setting of a console channel; did you mean"),
        ("{kind: console, rate: fast}", "`channels.ops.rate` must be a valid number"),
        ("{kind: webhook}", "`channels.ops.url` is needed by a webhook channel; it may also be `url_env` or"),
        ("{kind: webhook, url_env: NOPE}", "`channels.ops.url_env` names the variable NOPE, which is not set"),
        ("{kind: webhook, url_file: /no/no}", "`channels.ops.url_file` names a file that cannot be read: /no/no"),
        ("{kind: webhook, url: a, url_env: B}", "`channels.ops.url_env` stands beside `url`; one of the two is"),
        ("{kind: webhook, url: a, keys: [{env: NOPE}]}", "`channels.ops.keys` names the variable NOPE, which is not"),
        ("{kind: exec}", "`channels.ops.kind` `exec` is off by default; right: allow_exec: true"),
    ],
)
def test_what_is_wrong_with_a_channel_is_told_with_line_key_and_what_is_right(entry: str, sentence: str) -> None:
    (line,) = complaint(f"pages: []\nchannels:\n  ops: {entry}\n")

    assert line.startswith(f"f.yaml:3: {sentence}")


def test_a_name_of_a_channel_is_one_word() -> None:
    (line,) = complaint("channels: {'two words': {kind: console}}")

    assert line.startswith("f.yaml:1: `channels.two words` is no name")


# --- routes ------------------------------------------------------------------------------------------------------

TWO = "channels: {ops: {kind: console}, pager: {kind: console}}\n"


def test_every_word_of_a_route_is_understood() -> None:
    text = (
        TWO
        + """
routes:
  - name: loud
    channel: [ops]
    page: "pay*"
    tag: critical-path
    category: [payments, cloud]
    component: ["API", "Europe / *"]
    impact: ">=major"
    type: incident.*
    phase: [investigating, identified]
    source: hook
    hold: 3m
    settle: 1m
    flap: 5m
    gate: false
    group: false
    mode: first-and-last
    quiet_hours: {from: 22:00, to: "07:00", zone: Europe/Vienna, days: [mon, Tuesday], loud: ">=major"}
    escalate: {after: 30m, channel: pager}
    during_maintenance: tell
"""
    )

    (route,) = loaded(text).told()

    assert route.name == "loud" and route.channels == ("ops",)
    assert route.filter.components == ("API", "Europe / *")
    assert route.filter.impacts == {Impact.MAJOR, Impact.CRITICAL}
    assert route.filter.categories == ("payments", "cloud")
    assert route.quiet == Quiet(
        hold=timedelta(minutes=3),
        settle=timedelta(minutes=1),
        flap=timedelta(minutes=5),
        has_gate=False,
        groups_titles=False,
        mode=Mode.FIRST_AND_LAST,
        quiet_hours=QuietHours(
            time(22), time(7), ZoneInfo("Europe/Vienna"), frozenset({0, 1}), frozenset({Impact.MAJOR, Impact.CRITICAL})
        ),
        escalation=Escalation(timedelta(minutes=30), ("pager",)),
        is_quiet_in_maintenance=False,
    )


@pytest.mark.parametrize(
    ("written", "digest"),
    [
        ("hourly", Digest(timedelta(hours=1), time(), UTC)),
        ("daily", Digest(timedelta(days=1), time(9), UTC)),
        ("{every: 4h}", Digest(timedelta(hours=4), time(), UTC)),
        ('{at: "08:30", zone: Europe/Vienna}', Digest(timedelta(days=1), time(8, 30), ZoneInfo("Europe/Vienna"))),
        ("false", None),
    ],
)
def test_a_digest_is_a_word_or_says_when(written: str, digest: Digest | None) -> None:
    text = f"{TWO}quiet: {{digest: {{every: 2h}}, hold: 5m}}\nroutes: [{{channel: ops, digest: {written}}}]"

    route = loaded(text).told()[0]

    assert route.quiet.digest == digest
    assert route.quiet.hold == timedelta(minutes=5)


def test_a_channel_that_no_route_names_is_told_everything_usual() -> None:
    text = TWO + "routes: [{channel: pager, impact: critical}]\nquiet: {hold: 1m}"

    pager, ops = loaded(text).told()

    assert (pager.name, ops.name) == ("pager", "ops")
    assert ops.quiet.hold == pager.quiet.hold == timedelta(minutes=1)
    assert not ops.filter.impacts


def test_one_that_is_only_escalated_to_is_told_nothing_else() -> None:
    routes = loaded(TWO + "routes: [{channel: ops, escalate: {after: 1h, channel: pager}}]").told()

    assert [route.channels for route in routes] == [("ops",)]


def test_routes_without_a_name_are_called_by_their_channel_and_numbered() -> None:
    text = (
        TWO + "routes: [{channel: ops}, {channel: ops, type: 'feed.*'}, {channel: pager, name: ops-2}, {channel: ops}]"
    )

    assert [route.name for route in loaded(text).told()] == ["ops", "ops-3", "ops-2", "ops-4"]


def test_programs_are_told_more_types_of_events_than_people() -> None:
    text = "channels: {own: {kind: webhook, url: x}, ops: {kind: console}}\nroutes: [{channel: [own, ops], name: both}]"

    both, *_ = rules_of(loaded(text)).routes
    own, ops = rules_of(loaded(text.partition("\n")[0])).routes

    assert own.filter.types == PROGRAM_TYPES
    assert "page.status_changed" in own.filter.types
    assert both.filter.types == ops.filter.types
    assert "page.status_changed" not in ops.filter.types


def test_tags_are_said_of_pages_and_categories_known_by_the_catalog() -> None:
    rules = rules_of(loaded("pages: [openai, {name: Own, url: 'https://own.example', tags: mine}]\n" + TWO))

    assert rules.tags == {"own": ("mine",)}
    assert rules.categories["openai"]


def test_storms_may_be_off_or_of_another_size() -> None:
    assert rules_of(loaded("storm: false")).storm is None
    assert config.load(environ={"STATUSWIRE_STORM__PAGES": "3"}).storm is not None


def test_stories_of_several_pages_may_be_off_or_need_more_pages() -> None:
    assert rules_of(loaded("correlate: false")).correlate is None
    assert rules_of(loaded("correlate: {pages: 5, within: 2m}")).correlate == CorrelationRule(5, timedelta(minutes=2))
    assert rules_of(loaded("")).correlate == CorrelationRule()


def test_programs_are_told_each_event_by_itself() -> None:
    people, programs = rules_of(loaded("channels: {ops: {kind: console}, log: {kind: file, path: /tmp/x}}")).routes

    assert (people.quiet.gathers, programs.quiet.gathers) == (True, False)
    assert not rules_of(loaded(TWO + "quiet: {gather: false}")).routes[0].quiet.gathers


def test_reminders_of_maintenance_are_as_the_file_says() -> None:
    written = "maintenance: {reminders: [2h], overrun_after: 1h}"

    assert calendar_of(loaded(written)) == CalendarRule((timedelta(hours=2),), timedelta(hours=1))
    assert calendar_of(loaded("")) == CalendarRule()


@pytest.mark.parametrize(
    ("route", "sentence"),
    [
        ("{channel: opps}", "`routes[0].channel` names the channel `opps`, which is not there; did you mean `ops`?"),
        ("{channel: [ops, opps]}", "`routes[0].channel[1]` names the channel `opps`"),
        ("{page: x}", "`routes[0].channel` is needed; right: channel: ops"),
        ("{channel: []}", "`routes[0].channel` must be a list that is not empty"),
        ("{channels: ops, channel: ops}", "`routes[0].channels` is not a setting; did you mean `channel`?"),
        ("{channel: ops, pages: x}", "`routes[0].pages` is not a setting; did you mean `page`?"),
        ("{channel: ops, impact: '>=majr'}", "`routes[0].impact` has `>=majr`, and no level is called so; did you"),
        ("{channel: ops, impact: bad}", "`routes[0].impact` has `bad`, which is no impact"),
        ("{channel: ops, type: 'incidents.*'}", "`routes[0].type` has `incidents.*`, which no type of events is like"),
        ("{channel: ops, phase: begun}", "`routes[0].phase` has `begun`, which is no phase"),
        ("{channel: ops, source: web}", "`routes[0].source` has `web`, which is no source"),
        ("{channel: ops, hold: soon}", "`routes[0].hold` is not a length of time; right: hold: 3m"),
        ("{channel: ops, hold: 2d}", "`routes[0].hold` must be"),
        ("{channel: ops, mode: some}", "`routes[0].mode` must be 'all' or 'first-and-last'"),
        ("{channel: ops, digest: weekly}", "`routes[0].digest` must be `hourly`, `daily`"),
        ("{channel: ops, digest: {zone: UTC}}", "`routes[0].digest` needs either `every` or `at`"),
        ("{channel: ops, quiet_hours: {from: 25:00, to: '7:00'}}", "`routes[0].quiet_hours.from` is not a time of"),
        ("{channel: ops, quiet_hours: {from: '7:00', to: '7:00'}}", "`routes[0].quiet_hours` begins and ends at"),
        ("{channel: ops, quiet_hours: {from: '1:00', to: '7:00', zone: Wien}}", "`routes[0].quiet_hours.zone` `Wien`"),
        ("{channel: ops, quiet_hours: {from: '1:00', to: '7:00', days: [xyz]}}", "`routes[0].quiet_hours.days` has"),
        ("{channel: ops, escalate: {after: 1h, channel: pagr}}", "`routes[0].escalate.channel` names the channel"),
        ("{channel: ops, escalate: {after: 1h, channel: ops}}", "`routes[0].escalate` tells the route's own channels"),
        ("{channel: ops, hold: 2h, escalate: {after: 1h, channel: pager}}", "`routes[0].escalate` escalates before"),
        ("{channel: ops, digest: daily, escalate: {after: 1h, channel: pager}}", "`routes[0].escalate` escalates what"),
        ("{channel: ops, template: short}", "`routes[0].template` is none of the templates; there is none at all"),
    ],
)
def test_what_is_wrong_with_a_route_is_told_with_line_key_and_what_is_right(route: str, sentence: str) -> None:
    line = complaint(f"{TWO}routes:\n  - {route}\n")[0]

    assert line.startswith(f"f.yaml:3: {sentence}")


def test_two_routes_cannot_have_one_name() -> None:
    lines = complaint(TWO + "routes:\n  - {name: a, channel: ops}\n  - {name: a, channel: ops}\n")

    assert lines[0] == "f.yaml:3: `routes[0].name` `a` is the name of another route too; right: name: pager"


def test_a_template_that_cannot_be_used_is_told_with_its_own_line() -> None:
    (line,) = complaint("templates:\n  short:\n    body: |\n      one\n      {{ nothing_such }}\n")

    assert line.startswith("f.yaml:3: `templates.short.body` cannot be used: line 2: ")


def test_trouble_is_told_on_channels_that_are_there() -> None:
    assert loaded(TWO + "trouble: pager").trouble == ("pager",)
    assert complaint(TWO + "trouble: [pagr]")[0].startswith("f.yaml:2: `trouble` names the channel `pagr`")


# --- silences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01T09:30:00+02:00", datetime(2026, 12, 1, 7, 30, tzinfo=UTC)),
        ("'2026-12-01T09:30'", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_silence_ends_on_a_day_or_at_a_moment(written: str, until: datetime) -> None:
    (silence,) = loaded(f"silences: [{{page: github, until: {written}, reason: not used}}]").withheld()

    assert silence.until == until
    assert silence.filter.pages == ("github",)


@pytest.mark.parametrize(
    ("silence", "sentence"),
    [
        ("{page: github}", "`silences[0].reason` is needed"),
        ("{reason: holidays}", '`silences[0]` withholds everything; if that is meant, say so: page: "*"'),
        ("{page: github, reason: x, until: tomorrow}", "`silences[0].until` is neither a day nor a moment"),
    ],
)
def test_what_is_wrong_with_a_silence_is_told(silence: str, sentence: str) -> None:
    assert complaint(f"silences:\n  - {silence}\n")[0].startswith(f"f.yaml:2: {sentence}")


# --- remarks -----------------------------------------------------------------------------------------------------


def test_filters_that_no_page_meets_are_remarked_upon_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(
        "pages: [openai]\nchannels: {ops: {kind: console}}\n"
        "routes:\n  - {channel: ops, page: [opnai, open*]}\n  - {channel: ops, tag: x}\n"
        "silences:\n  - {page: openai, until: 2026-05-01, reason: over}\n"
    )

    _, remarks = config.check(file, environ={}, now=NOW)

    assert [one.replace(f"{tmp_path}/", "") for one in remarks] == [
        "f.yaml:4: `routes[0].page`: no configured page has the slug `opnai`; did you mean `openai`? (openai)",
        "f.yaml:5: `routes[1].tag`: no configured page has the tag `x`",
        "f.yaml:7: `silences[0]` is over and withholds nothing any more",
    ]


DESIGNED = """
database: sqlite:///statuswire.db            # or postgresql://...
server: {host: 127.0.0.1, port: 8000}
poll: {interval: 60s, while_open: 20s, per_host: 4, user_agent_contact: ops@example.com}
pages:
  - openai                                   # a slug from the catalog
  - {name: Payments, url: "https://status.example.com", components: ["API", "Checkout/*"]}
channels:
  ops:   {kind: slack, url_env: SLACK_URL}
  pager: {kind: pagerduty, key_env: PD_KEY}
  own:   {kind: webhook, url: "http://127.0.0.1:9000/webhook", style: flat, heartbeat: 60s, allow_private: true}
routes:
  - {channel: ops}
  - {channel: pager, page: [payments], impact: ">=major", type: "incident.*", hold: 3m}
silences:
  - {page: github, component: Codespaces, until: 2026-12-01, reason: not used}
"""


def test_the_example_that_the_design_gives_is_understood_word_for_word() -> None:
    named = {"SLACK_URL": "https://hooks.slack.example/T0/B0/x", "PD_KEY": "0123456789abcdef0123456789abcdef"}

    read = config.validate(layers.parse(DESIGNED, "f.yaml"), named)

    assert {name: one.kind for name, one in read.channels.items()} == {
        "ops": "slack",
        "pager": "pagerduty",
        "own": "webhook",
    }
    assert [(route.name, route.channels) for route in read.told()] == [
        ("ops", ("ops",)),
        ("pager", ("pager",)),
        ("own", ("own",)),
    ]
    assert heartbeats_of(outlets_of(read)) == {"own": timedelta(seconds=60)}


def test_what_must_be_said_again_has_heartbeats_unasked_and_groups_by_itself() -> None:
    text = """
channels:
  alerts: {kind: alertmanager, url: "http://127.0.0.1:9093"}
  house: {kind: mqtt, host: a.example, home_assistant: true}
  plain: {kind: mqtt, host: a.example}
"""
    read = config.validate(layers.parse(text, "f.yaml"), {})

    minute = timedelta(minutes=1)
    assert heartbeats_of(outlets_of(read)) == {"alerts": minute, "house": minute}
    assert {name for name, one in rules_of(read).channels.items() if one.groups} == {"alerts"}


def test_the_schema_has_the_settings_of_every_kind() -> None:
    published = config.schema()["properties"]["channels"]["additionalProperties"]["oneOf"]

    assert {one["properties"]["kind"]["const"] for one in published} == set(CHANNELS)
