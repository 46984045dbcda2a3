"""A notice about ourselves, which has no event, reaches every kind of channel."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from statuswire.channels import CHANNELS
from statuswire.engine.notices import notice_event
from statuswire.model import Delivered, Delivery, Document, Message, MessageKind, Reply, Wording
from statuswire.platforms.parsing import parse_hook
from tests.channels.messages import KINDS, check, settings, talk

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
WORDING = Wording("Channel ops is disabled", "Nothing more is sent to it: HTTP 410.")
DELIVERY = Delivery(1, "pager", "notices", "msg_notice", MessageKind.NOTICE, (), created_at=NOW, wording=WORDING)
NOTICE = Message("msg_notice", MessageKind.NOTICE, (notice_event(DELIVERY),), wording=WORDING)

OTHERS: dict[str, dict[str, Any]] = {
    "console": {},
    "email": {"host": "mail.example.com", "sender": "status@example.com", "to": ["ops@example.com"]},
    "mqtt": {"host": "broker.example.com"},
    "file": {"path": "/var/log/events.jsonl"},
    "exec": {"command": ["/usr/bin/notify"]},
    "apprise": {"url": "json://example.com"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_chats_pagers_and_webhooks_are_told_in_their_schema(kind: str) -> None:
    heard = talk(NOTICE, settings(kind), kind)

    assert isinstance(heard.outcome, Delivered)
    check(kind, heard.requests)
    assert any(b"Channel ops is disabled" in request.body for request in heard.requests)


@pytest.mark.parametrize("kind", OTHERS)
def test_mail_brokers_files_and_programs_are_told_too(kind: str) -> None:
    channel = CHANNELS[kind]
    talk_ = channel.converse(NOTICE, channel.settings.model_validate(OTHERS[kind]), NOW)

    shown = repr(next(talk_))

    assert "Channel ops is disabled" in shown
    with pytest.raises(StopIteration) as end:
        talk_.send(Reply(0 if kind != "email" else 250))
    assert isinstance(end.value.value, Delivered)


def test_programs_get_it_as_json() -> None:
    channel = CHANNELS["file"]
    line = next(channel.converse(NOTICE, channel.settings.model_validate(OTHERS["file"]), NOW))

    assert json.loads(getattr(line, "text", "")) == {
        "type": "notice",
        "at": "2026-05-04T10:00:00Z",
        "title": "Channel ops is disabled",
        "text": "Nothing more is sent to it: HTTP 410.",
    }


def test_another_statuswire_takes_it_and_makes_nothing_of_it() -> None:
    (request,) = talk(NOTICE, settings("webhook"), "webhook").requests

    read = parse_hook(Document(request.body, NOW), "statuswire")

    assert (read.incidents, read.event_name) == ((), "notice")
