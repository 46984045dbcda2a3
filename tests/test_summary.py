"""What `check-config` says of a good file: what is watched, where it is told and how quietly, and no secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from statuswire.cli.app import app

CHANNELS = {
    'kind: slack, url: "https://hooks.slack.com/services/T0/s3cret"': "slack, hooks.slack.com",
    'kind: slack, token: "xoxb-s3cret", channel: "#ops"': "slack, channel #ops",
    'kind: webhook, url: "http://u:s3cret@127.0.0.1:9000/s3cret", allow_private: true': "webhook, 127.0.0.1:9000",
    "kind: email, host: smtp.example.com, sender: a@example.com, to: [b@example.com]": (
        "email, smtp.example.com to b@example.com"
    ),
    "kind: pagerduty, key: s3cret0123456789s3cret0123456789": "pagerduty, events.pagerduty.com",
    'kind: telegram, token: "110201543:AAs3cretPALDsaw", chat: "-1001", topic: 12': "telegram, chat -1001",
    "kind: ntfy, topic: s3cret": "ntfy, ntfy.sh",
    "kind: mqtt, host: broker.example.com": "mqtt, broker.example.com topic statuswire/{page}/{kind}",
    "kind: file, path: /var/log/events.jsonl": "file, /var/log/events.jsonl",
    'kind: file, path: "-"': "file, standard output",
    "kind: exec, command: [/bin/true, s3cret]": "exec, /bin/true",
    'kind: apprise, url: "tgram://s3cret/12"': "apprise, tgram://...",
    "kind: console": "console, standard output",
}
HEAD = "allow_exec: true\nallow_apprise: true\npages: [github]\n"


def checked(folder: Path, text: str, *more: str) -> tuple[str, str]:
    """Standard output and standard error of `check-config` over this file."""
    path = folder / "statuswire.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check-config", "--config", str(path), *more], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def block(shown: str, title: str) -> list[str]:
    """The lines below one of the headings."""
    _, _, rest = shown.partition(f"\n  {title}")
    below = rest.splitlines()[1:]
    end = next((index for index, line in enumerate(below) if not line.startswith("    ")), len(below))
    return [line.strip() for line in below[:end]]


@pytest.mark.parametrize("settings", CHANNELS)
def test_a_channel_is_named_with_its_kind_and_place_and_no_secret(tmp_path: Path, settings: str) -> None:
    shown, said = checked(tmp_path, f"{HEAD}channels: {{ops: {{{settings}}}}}\n")

    assert block(shown, "channels") == [f"ops  {CHANNELS[settings]}"]
    assert block(shown, "routes") == ["ops  to ops: everything"]
    assert "s3cret" not in shown + said


ROUTES = {
    "channel: a": "to a: everything",
    "channel: [a, b], page: [pay, 'aws-*'], impact: '>=major'": "to a, b: page pay or aws-*, impact >=major",
    "channel: a, hold: 3m, settle: 0s, flap: 1h": "to a: everything; hold 3m; settle 0s; flap 1h",
    "channel: a, hold: 0s, settle: 3m, gate: true": "to a: everything",
    "channel: a, gate: false, group: false, gather: false": "to a: everything; gate off; group off; gather off",
    "channel: a, mode: first-and-last, during_maintenance: tell": (
        "to a: everything; first and last alone; during maintenance too"
    ),
    "channel: a, digest: hourly": "to a: everything; digest every 1h",
    "channel: a, digest: {at: '08:30', zone: Europe/Vienna}": ("to a: everything; digest daily at 08:30 Europe/Vienna"),
    "channel: a, quiet_hours: {from: '22:00', to: '07:00'}": (
        "to a: everything; quiet hours 22:00 to 07:00 UTC but for critical"
    ),
    "channel: a, escalate: {after: 30m, channel: b}": "to a: everything; also to b after 30m",
    "channel: a, template: short": "to a: everything; template short",
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_is_told_in_words_with_what_differs_from_the_usual(tmp_path: Path, route: str) -> None:
    channels = "channels: {a: {kind: console}, b: {kind: console}}\ntemplates: {short: {body: hm}}\n"

    shown, _ = checked(tmp_path, f"{channels}routes: [{{name: night, {route}}}]\n")

    assert block(shown, "routes")[0] == f"night  {ROUTES[route]}"


def test_silences_are_told_with_their_end_and_reason(tmp_path: Path) -> None:
    shown, _ = checked(
        tmp_path,
        "pages: [github]\nsilences:\n"
        "  - {page: github, component: [Codespaces, 'X / *'], reason: not used}\n"
        "  - {impact: minor, until: 2099-01-01, reason: known}\n",
    )

    assert block(shown, "silences") == [
        "page github, component Codespaces or X / *; for good: not used",
        "impact minor; until 2099-01-01 00:00 UTC: known",
    ]


def test_nothing_to_tell_is_said_as_none(tmp_path: Path) -> None:
    shown, said = checked(tmp_path, "pages: [github]\n")

    assert [line.split() for line in shown.splitlines()[-3:]] == [
        ["channels", "none"],
        ["routes", "none"],
        ["silences", "none"],
    ]
    assert said == ""


def test_a_channel_that_no_route_names_is_remarked_upon_where_there_are_routes(tmp_path: Path) -> None:
    channels = "channels:\n  a: {kind: console}\n  b: {kind: console}\n  c: {kind: console}\n"

    _, alone = checked(tmp_path, channels)
    _, said = checked(tmp_path, f"{channels}routes: [{{channel: a, escalate: {{after: 1h, channel: c}}}}]\n")

    assert alone == "", "without routes every channel is told everything, as is meant"
    assert said.count("remark") == 1
    assert "statuswire.yaml:3: `channels.b`: no route names it, so it is told everything" in said


@pytest.mark.parametrize(
    ("path", "whole"), [("events.jsonl", "etc/events.jsonl"), ("../log/a.jsonl", "log/a.jsonl"), ("./a", "etc/a")]
)
def test_a_relative_path_counts_from_the_folder_of_the_file_and_is_shown_whole(
    tmp_path: Path, path: str, whole: str
) -> None:
    (tmp_path / "etc").mkdir()
    text = f"channels: {{log: {{kind: file, path: {path}}}}}\n"

    shown, _ = checked(tmp_path / "etc", text)
    body, _ = checked(tmp_path / "etc", text, "--json")

    assert block(shown, "channels") == [f"log  file, {tmp_path / whole}"]
    assert json.loads(body)["channels"]["log"]["path"] == str(tmp_path / whole)


def test_without_a_file_a_path_must_be_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUSWIRE_CHANNELS", "{log: {kind: file, path: a.jsonl}}")

    result = CliRunner().invoke(app, ["check-config"])

    assert result.exit_code == 2
    assert "must be an absolute path" in result.output
