"""The pages about channels are what the channels say and send."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from statuswire.channels import CHANNELS
from statuswire.channels.base import ChannelSettings
from statuswire.durations import spell_duration
from tests.channels.messages import KINDS, message, settings, talk
from tests.test_docs import DOCS, EVENT, FENCE, reference, section

COMMON = ChannelSettings.model_fields


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    found = field.get_default(call_default_factory=True)
    found = found.get_secret_value() if isinstance(found, SecretStr) else found
    if found is None or found in ("", (), {}):
        return "–"
    if isinstance(found, timedelta):
        return f"`{spell_duration(found)}`"
    return f"`{str(found).lower() if isinstance(found, bool) else found}`"


def rows(fields: dict[str, FieldInfo]) -> list[str]:
    return [
        f"| `{name}` | {default(field)} | {' '.join((field.description or '').split())} |"
        for name, field in fields.items()
    ]


def settings_in(text: str) -> list[str]:
    return re.findall(r"^\| `[a-z_]+` \| .*$", text, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_of_a_kind_are_documented_in_its_own_words(kind: str) -> None:
    own = {name: field for name, field in CHANNELS[kind].settings.model_fields.items() if name not in COMMON}

    assert settings_in(section(reference("channels"), kind)) == rows(own)


def test_the_settings_of_every_channel_are_documented_once() -> None:
    assert settings_in(section(reference("channels"), "Settings of every channel")) == rows(dict(COMMON))


@pytest.mark.parametrize("kind", KINDS)
def test_every_limit_names_its_source_and_date(kind: str) -> None:
    _, _, limits = section(reference("channels"), kind).partition("| limit | source |\n| --- | --- |\n")
    sources = re.findall(r"\| ([^|]+) \|$", limits, re.MULTILINE)

    assert sources and all("2026-11-29" in source or source == "the same" for source in sources)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_a_how_to_is_what_arrives(kind: str) -> None:
    page = (DOCS / "how-to" / f"tell-{kind}.md").read_text(encoding="utf-8")
    body = talk(message(EVENT, opened_at=None), settings(kind), kind).body

    samples = [block for block in FENCE.finditer(page) if block["language"] == "json" or block["mark"] == "arrives"]

    assert samples
    for sample in samples:
        if sample["language"] == "json":
            assert json.loads(sample["body"]) == body
        else:
            said = json.dumps(body, ensure_ascii=False)
            facts = [part for line in sample["body"].splitlines() for part in re.split("│ | · |: ", line) if part]
            assert not [fact for fact in facts if fact not in said and fact != "Open the status page"]
