"""Configuration: defaults, layers, and complaints that name place, key and what would be right."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire import config
from statuswire.config import layers
from statuswire.errors import ConfigError
from statuswire.options import RunOptions


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "statuswire.yaml"


def complaint(file: Path, text: str, **environ: str) -> list[str]:
    """The lines of the complaint, with the path of the file shortened to its name."""
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(file, environ=environ)
    return str(caught.value).replace(f"{file.parent}/", "").splitlines()


def loaded(file: Path, text: str, **environ: str) -> config.Config:
    file.write_text(text)
    return config.load(file, environ=environ)


def test_without_a_file_openai_is_watched_first_on_loopback() -> None:
    defaults = config.load(environ={})

    assert [target.slug for target in defaults.targets] == ["openai", "github"]
    assert (defaults.server.host, defaults.server.port) == ("127.0.0.1", 8000)
    assert defaults.database == "sqlite:///./statuswire.db"
    assert defaults.poll.interval == timedelta(seconds=60)
    assert defaults.poll.while_open == timedelta(seconds=20)


def test_an_empty_file_changes_nothing(file: Path) -> None:
    assert loaded(file, "# nothing yet\n") == config.load(environ={})


def test_every_key_of_the_documented_example_is_understood(file: Path) -> None:
    text = """
        database: sqlite:///statuswire.db
        server: {host: 127.0.0.1, port: 8000}
        poll: {interval: 60s, while_open: 20s, per_host: 4, user_agent_contact: ops@example.com}
        pages:
          - openai                                   # a slug from the catalog
          - {name: Payments, url: "https://status.example.com", components: ["API", "Checkout/*"]}
        hooks: {allow_unsigned: true, secrets: {incident-io: [whsec_one, whsec_two]}}
        console: {format: watcher, heartbeat: 10s, tz: Europe/Vienna}
        log: {level: debug, format: json}
    """

    read = loaded(file, text)

    assert read.poll.per_host == 4
    assert read.console.heartbeat == timedelta(seconds=10)
    assert str(read.zone) == "Europe/Vienna"
    assert read.hooks.revealed() == {"incident-io": ("whsec_one", "whsec_two")}
    openai, payments = read.targets
    assert (openai.slug, openai.platform) == ("openai", "incidentio")
    assert (payments.slug, payments.name, payments.is_named) == ("payments", "Payments", True)
    assert payments.components == ("API", "Checkout/*")


def test_three_feeds_of_three_providers(file: Path) -> None:
    text = """
        pages:
          - {name: OpenAI, url: "https://status.openai.com/feed.rss"}
          - {name: GitHub, url: "https://www.githubstatus.com/history.rss"}
          - {name: AWS, url: "https://status.aws.amazon.com/rss/all.rss"}
    """

    targets = loaded(file, text).targets

    assert [(one.slug, one.name) for one in targets] == [
        ("openai", "OpenAI"),
        ("github", "GitHub"),
        ("aws", "AWS"),
    ]
    assert [one.feed_url for one in targets] == [
        "https://status.openai.com/feed.rss",
        "https://www.githubstatus.com/history.rss",
        "https://status.aws.amazon.com/rss/all.rss",
    ]


def test_a_bare_address_is_a_page(file: Path) -> None:
    (page, feed) = loaded(file, "pages: ['https://a.example', 'http://127.0.0.1:1/history.rss']").targets

    assert (page.url, page.feed_url) == ("https://a.example", None)
    assert feed.feed_url == "http://127.0.0.1:1/history.rss"


def test_a_wrong_key_is_named_with_its_line_and_the_nearest_one(file: Path) -> None:
    text = "server:\n  port: 8000\n  hots: x\n"

    assert complaint(file, text) == [
        "statuswire.yaml:3: `server.hots` is not a setting; did you mean `host`? (host, port)"
    ]


def test_every_mistake_is_named_at_once(file: Path) -> None:
    text = """server:
  port: eighty
pages:
  - openai
  - opnai
  - {name: P, urll: x}
poll: {interval: 5 parsecs}
"""

    lines = complaint(file, text)

    assert "statuswire.yaml:2: `server.port` must be a whole number; right: port: 8000" in lines
    assert "statuswire.yaml:7: `poll.interval` is not a length of time; right: interval: 60s" in lines
    assert any(
        line.startswith("statuswire.yaml:5: `pages[1]` `opnai` is not in the catalog; nearest: openai")
        for line in lines
    )
    assert any(line.startswith("statuswire.yaml:6: `pages[2].urll`") for line in lines)
    assert len(lines) == 4


def test_mistakes_are_listed_in_the_order_of_their_lines_with_those_outside_the_file_last(file: Path) -> None:
    text = """hooks:
  secrets:
    incidentoi: x
    generic_env: NOPE
pages:
  - openai
  - {name: P, urll: x}
  - OpenAI
log: {level: loud}
poll: {interval: 5 parsecs}
poll: {interval: 7 parsecs}
servr: 1
"""

    lines = complaint(file, text, STATUSWIRE_SERVER__PORT="x")

    assert [line.split(" ")[0] for line in lines] == [
        "statuswire.yaml:3:",
        "statuswire.yaml:4:",
        "statuswire.yaml:7:",
        "statuswire.yaml:8:",
        "statuswire.yaml:9:",
        "statuswire.yaml:11:",
        "statuswire.yaml:11:",
        "statuswire.yaml:12:",
        "STATUSWIRE_SERVER__PORT:",
    ]


def test_every_key_that_is_written_twice_is_named(file: Path) -> None:
    assert complaint(file, "log: {}\nlog: {}\nserver: {port: 1, port: 2}\nlog: {}") == [
        "statuswire.yaml:2: `log` was already set in line 1",
        "statuswire.yaml:3: `port` was already set in line 3",
        "statuswire.yaml:4: `log` was already set in line 2",
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"pages: [\xff\xfe]", "statuswire.yaml: is not YAML: byte 8 is no text"),
        (b"pages: [\x01]", "statuswire.yaml: is not YAML: has the character U+0001, which no text may have"),
    ],
)
def test_what_is_no_text_is_said_in_one_line(body: bytes, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        layers.parse(body, "statuswire.yaml")

    assert str(caught.value) == sentence


def test_a_key_that_belongs_elsewhere_is_pointed_there(file: Path) -> None:
    assert complaint(file, "port: 3") == ["statuswire.yaml:1: `port` is not a setting; did you mean `server.port`?"]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("log: {}\nlog: {}", "statuswire.yaml:2: `log` was already set in line 1"),
        ("server: {port: 1, port: 2}", "statuswire.yaml:1: `port` was already set in line 1"),
        ("pages: [openai", "statuswire.yaml:1: is not YAML: "),
        ("- openai", "statuswire.yaml:1: must be a mapping of settings"),
        ("just text", "statuswire.yaml:1: must be a mapping of settings"),
        ("!!python/object:os.system x", "statuswire.yaml:1: is not YAML: "),
        ("pages: openai", "statuswire.yaml:1: `pages` must be a list; right: pages: "),
        ("server: 5", "statuswire.yaml:1: `server` must be a mapping"),
        ("pages: [{}]", "statuswire.yaml:1: `pages[0]` needs a `url`, a `feed` or a `slug`"),
        (
            "pages: [openai, openai]",
            "statuswire.yaml:1: `pages[1]` has the slug `openai` of pages[0]",
        ),
        (
            "pages: [{url: 'https://a.example', platform: statuspag}]",
            "statuswire.yaml:1: `pages[0].platform` is not a platform; did you mean `statuspage`?",
        ),
        ("console: {format: watchr}", "statuswire.yaml:1: `console.format` is not a console format; did you"),
        (
            "pages: [{url: 'https://a.example', slug: A B}]",
            "statuswire.yaml:1: `pages[0].slug` must be text of another form; right: slug: payments",
        ),
        ("console: {tz: Mars}", "statuswire.yaml:1: `console.tz` `Mars` is not a time zone"),
        (
            "pages: [{url: 'https://a.example', time_zone: Berlin}]",
            "statuswire.yaml:1: `pages[0].time_zone` `Berlin` is not a time zone this machine knows; did you mean"
            " `Europe/Berlin`?",
        ),
        ("log: {level: loud}", "statuswire.yaml:1: `log.level` must be 'debug', 'info'"),
        ("poll: {interval: 0.1s}", "statuswire.yaml:1: `poll.interval` must be greater than or equal to 1 s"),
        ('poll: {user_agent_contact: "a\\nb"}', "statuswire.yaml:1: `poll.user_agent_contact` may hold"),
        ("database: mysql://x", "statuswire.yaml:1: `database` must be `sqlite:///path`"),
        ("hooks: {secrets: {incidentoi: x}}", "statuswire.yaml:1: `hooks.secrets.incidentoi` is not a hook"),
        ("server: {1: 2}", "statuswire.yaml:1: `server.1` is not a setting; right: host, port"),
        ("poll: {interval: true}", "statuswire.yaml:1: `poll.interval` is not a length of time"),
        ("database: sqlite://x.db", "statuswire.yaml:1: `database` must be `sqlite:///path`"),
        ("hooks: {secrets: {generic: []}}", "statuswire.yaml:1: `hooks.secrets.generic` needs one to three"),
        (
            "hooks: {secrets: {generic: whpk_AAAA}}",
            "statuswire.yaml:1: `hooks.secrets.generic` has a secret that is of",
        ),
        (
            "hooks: {secrets: {generic: [ok, whsk_AAAA]}}",
            "statuswire.yaml:1: `hooks.secrets.generic` has a secret that",
        ),
        (
            "hooks: {secrets: {generic: whsec_***}}",
            "statuswire.yaml:1: `hooks.secrets.generic` has a secret that is of",
        ),
        ("hooks: {secrets: {generic_env: NOPE}}", "statuswire.yaml:1: `hooks.secrets.generic_env` names the"),
    ],
)
def test_mistakes_have_a_place_and_a_sentence(file: Path, text: str, beginning: str) -> None:
    (line,) = complaint(file, text)

    assert line.startswith(beginning)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nope\.yaml: cannot be read: No such file"):
        config.load(tmp_path / "nope.yaml", environ={})


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00\x01\x80")

    with pytest.raises(ConfigError, match=r"statuswire\.yaml.*is not YAML"):
        config.load(file, environ={})


def test_variables_win_over_the_file(file: Path) -> None:
    read = loaded(
        file,
        "server: {port: 1}\npages: [openai]",
        STATUSWIRE_SERVER__PORT="5000",
        STATUSWIRE_PAGES="[github]",
        STATUSWIRE_POLL__INTERVAL="3m",
        STATUSWIRE_HOOKS__ALLOW_UNSIGNED="true",
    )

    assert read.server.port == 5000
    assert [one.slug for one in read.targets] == ["github"]
    assert read.poll.interval == timedelta(minutes=3)
    assert read.hooks.allow_unsigned


def test_a_wrong_variable_is_named(file: Path) -> None:
    assert complaint(file, "", STATUSWIRE_SERVER__PORT="x") == [
        "STATUSWIRE_SERVER__PORT: `server.port` must be a whole number; right: port: 8000"
    ]
    assert complaint(file, "", STATUSWIRE_SERVER__PRT="1") == [
        "STATUSWIRE_SERVER__PRT: `server.prt` is not a setting; did you mean `port`? (host, port)"
    ]


@pytest.mark.parametrize("text", ["[openai", "!!timestamp x", "[2001-99-99]", "[" * 5_000])
def test_a_variable_that_is_no_yaml_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^STATUSWIRE_PAGES: is not YAML"):
        config.load(environ={"STATUSWIRE_PAGES": text})


def test_variables_that_container_platforms_set_are_left_alone(file: Path) -> None:
    read = loaded(file, "", STATUSWIRE_PORT="tcp://10.0.0.1:8000", STATUSWIRE_SERVICE_HOST="10.0.0.1")

    assert read.server.port == 8000


def test_secrets_come_from_lists_variables_and_files(file: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whsec_file\n")
    text = f"hooks: {{secrets: {{statuspage_env: SP, generic_file: {tmp_path / 'secret'}}}}}"

    read = loaded(file, text, SP="one,two", STATUSWIRE_HOOKS__SECRETS__INCIDENT_IO="whsec_variable")

    assert read.hooks.revealed() == {
        "statuspage": ("one", "two"),
        "generic": ("whsec_file",),
        "incident-io": ("whsec_variable",),
    }


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("europe/berlin", "did you mean `Europe/Berlin`?"),
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("CEST", "right: Europe/Vienna"),
        ("Europe", "right: Europe/Vienna"),
    ],
)
def test_a_zone_that_does_not_exist_is_named_with_the_nearest_one(file: Path, wrong: str, right: str) -> None:
    (line,) = complaint(file, f"console: {{tz: '{wrong}'}}")

    assert right in line


def test_the_zones_of_pages_are_known_by_slug(file: Path) -> None:
    read = loaded(file, "pages: [openai, {slug: a, url: 'https://a.example', time_zone: utc}]")

    assert read.zones() == {"a": "UTC"}


def test_every_value_may_come_from_a_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:///elsewhere.db\n")

    assert loaded(file, "", STATUSWIRE_DATABASE_FILE=str(tmp_path / "url")).database == "sqlite:///elsewhere.db"


def test_secrets_and_database_urls_are_not_shown(file: Path) -> None:
    read = loaded(file, "database: sqlite:///s3cret.db\nhooks: {secrets: {generic: s3cret}}")

    assert "s3cret" not in repr(read)
    assert "s3cret" not in read.model_dump_json(exclude={"database"})


def test_secrets_are_not_repeated_in_complaints(file: Path) -> None:
    lines = complaint(file, "hooks: {secrets: {generic: [s3cret, {a: s3cret}]}}\nserver: {port: s3cret}")

    assert "s3cret" not in "".join(lines)


def test_options_win_over_everything(file: Path) -> None:
    file.write_text("server: {port: 1}\npages: [github]")
    options = RunOptions(config=file, port=5000, host="0.0.0.0", debug=True, interval=timedelta(seconds=10))

    read = config.load(environ={"STATUSWIRE_SERVER__PORT": "2"}, options=options)

    assert (read.server.port, read.server.host) == (5000, "0.0.0.0")
    assert read.log.level == "debug"
    assert read.poll.interval == timedelta(seconds=10)


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^--port: `server\.port` must be less than or equal to 65535"):
        config.load(environ={}, options=RunOptions(port=70_000))


def test_watched_pages_replace_the_default_ones_and_join_configured_ones(file: Path) -> None:
    watch = ("slack", "http://127.0.0.1:9/history.rss")

    alone = config.load(environ={}, options=RunOptions(watch=watch, allow_private=True))
    file.write_text("pages: [github, slack]")
    joined = config.load(file, environ={}, options=RunOptions(watch=watch))

    assert [one.slug for one in alone.targets] == ["slack", "127-0-0-1-9"]
    assert alone.targets[1].allow_private
    assert [one.slug for one in joined.targets] == ["github", "slack", "127-0-0-1-9"]


def test_a_mistake_in_the_file_is_told_of_the_file_when_pages_are_watched_too(file: Path) -> None:
    file.write_text("pages:\n  - github\n  - opnai\n")

    with pytest.raises(ConfigError, match=r"statuswire\.yaml:3: `pages\[1\]` `opnai` is not in the catalog"):
        config.load(file, environ={}, options=RunOptions(watch=("slack",)))


def test_an_unknown_word_to_watch_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="nearest: openai"):
        config.load(environ={}, options=RunOptions(watch=("opnai",)))


def test_the_file_may_be_named_by_a_variable(file: Path) -> None:
    file.write_text("server: {port: 7}")

    assert config.load(environ={"STATUSWIRE_CONFIG": str(file)}).server.port == 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("60s", 60), ("3m", 180), ("24h", 86_400), ("1h30m", 5_400), ("250ms", 0.25), ("90", 90), ("1.5 m", 90)],
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert config.parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "s", "5 parsecs", "-3s", "1h junk", "9" * 400 + "d"])
def test_other_words_are_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        config.parse_duration(text)


@given(st.integers(0, 10**7))
def test_a_length_of_time_is_read_back_as_it_is_spelled(seconds: int) -> None:
    span = timedelta(seconds=seconds)

    assert config.parse_duration(config.spell_duration(span)) == span


def test_the_schema_describes_every_setting() -> None:
    schema = config.schema()

    assert json.loads(json.dumps(schema)) == schema
    for model in (schema, *schema["$defs"].values()):
        for name, setting in model.get("properties", {}).items():
            assert "description" in setting or "$ref" in setting, name
    assert schema["$defs"]["PollConfig"]["properties"]["interval"]["default"] == "1m"


@given(st.text(max_size=60))
def test_any_text_is_a_configuration_or_a_complaint(text: str) -> None:
    try:
        config.validate(layers.parse(text, "x.yaml"), {})
    except ConfigError as error:
        assert str(error).startswith("x.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["pages", "server", "port", "url", "hooks", "secrets", "x"]), inner, max_size=3
            )
        ),
    )
)
def test_any_tree_is_a_configuration_or_a_complaint(tree: object) -> None:
    try:
        config.validate(layers.parse(json.dumps(tree), "x.yaml"), {})
    except ConfigError as error:
        assert str(error).startswith("x.yaml")


def test_no_color_and_dumb_terminals_are_obeyed() -> None:
    assert config.wants_colour({"TERM": "xterm"})
    assert not config.wants_colour({"TERM": "xterm", "NO_COLOR": "1"})
    assert not config.wants_colour({"TERM": "dumb"})
    assert not config.wants_colour({})
    assert not config.is_dumb({"TERM": "xterm", "NO_COLOR": "1"})
    assert all(config.is_dumb(environ) for environ in ({"TERM": "dumb"}, {"TERM": ""}, {}))


def test_the_secret_of_one_hook_path_may_come_from_a_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whsec_bm90IGEgcmVhbCBzZWNyZXQgYXQgYWxs\n")

    config = loaded(file, "", STATUSWIRE_HOOKS__SECRETS__INCIDENT_IO_FILE=str(tmp_path / "secret"))

    assert config.hooks.revealed() == {"incident-io": ("whsec_bm90IGEgcmVhbCBzZWNyZXQgYXQgYWxs",)}
