"""Webhooks of statuswire as three frameworks receive them: bodies as the channel writes and signs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import AsyncClient as DjangoAsyncClient
from django.test import Client as DjangoClient
from django.test import RequestFactory
from fastapi import FastAPI

from statuswire import model, signing
from statuswire.channels import webhook
from statuswire.client.receive import MAX_BODY_BYTES, Notice, checked, read
from statuswire.errors import SignatureError
from tests.channels.messages import HEARTBEAT, MESSAGES, STANDING, message

from . import receivers
from .receivers import SECRET, heard
from .test_examples import BLOCKS

OTHER = "whsec_b3RoZXIgc2VjcmV0IG9mIGEgc3RyYW5nZXI="
Headers = Mapping[str, str]
Posting = Callable[[bytes, Headers], tuple[int, bytes]]


def posted(told: model.Message, now: datetime, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """What the channel sends of a message."""
    channel = webhook.WebhookSettings(url="https://example.com/", secret=secret)
    request = next(webhook.converse(told, channel, now))
    assert isinstance(request, model.Request)
    return bytes(request.body), dict(request.headers)


# --- the frameworks ---------------------------------------------------------------------------------------------------


def in_fastapi() -> Posting:
    app = receivers.fastapi_app()
    return lambda body, headers: asyncio.run(_asgi(app, body, headers))


async def _asgi(app: FastAPI, body: bytes, headers: Headers, where: str = "/told") -> tuple[int, bytes]:
    """One POST, its body in two pieces."""
    pieces = iter([body[:9], body[9:]])
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece == body[:9]}

    async def send(part: Any) -> None:
        told.append(part)

    named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": where, "query_string": b"", "headers": named}
    await app(scope, receive, send)
    return told[0]["status"], b"".join(part.get("body", b"") for part in told)


def in_flask(where: str = "/told") -> Posting:
    client = receivers.flask_app().test_client()

    def post(body: bytes, headers: Headers) -> tuple[int, bytes]:
        answer = client.post(where, data=body, headers=dict(headers))
        return answer.status_code, answer.data

    return post


def in_django() -> Posting:
    receivers.django_app()
    client = DjangoClient(enforce_csrf_checks=True)

    def post(body: bytes, headers: Headers) -> tuple[int, bytes]:
        answer = client.post("/told", body, "application/json", headers=dict(headers))
        return answer.status_code, answer.content

    return post


def in_waiting_django() -> Posting:
    receivers.django_app()

    def post(body: bytes, headers: Headers) -> tuple[int, bytes]:
        answer = asyncio.run(DjangoAsyncClient().post("/later", body, "application/json", headers=dict(headers)))
        return answer.status_code, answer.content

    return post


APPS = {
    "fastapi": in_fastapi,
    "flask": in_flask,
    "flask, waiting": lambda: in_flask("/later"),
    "django": in_django,
    "django, waiting": in_waiting_django,
}


@pytest.fixture(params=APPS)
def post(request: pytest.FixtureRequest) -> Posting:
    heard.clear()
    return APPS[request.param]()


def test_a_signed_event_arrives_typed(post: Posting) -> None:
    body, headers = posted(message(), datetime.now(UTC))

    status, _ = post(body, headers)

    assert status == 204
    (it,) = heard
    assert it.event is not None
    assert (it.type, it.event.page.slug, it.id) == (it.event.type, "acme", headers["webhook-id"])


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_signature_is_refused(post: Posting, age: timedelta) -> None:
    status, told = post(*posted(message(), datetime.now(UTC) - age))

    assert (status, heard) == (401, [])
    assert b"300 s are allowed" in told


def test_a_stranger_is_refused(post: Posting) -> None:
    status, told = post(*posted(message(), datetime.now(UTC), OTHER))

    assert (status, heard) == (401, [])
    assert SECRET.encode() not in told


def test_a_body_that_was_changed_or_not_signed_is_refused(post: Posting) -> None:
    body, headers = posted(message(), datetime.now(UTC))
    unsigned = {name: value for name, value in headers.items() if not name.startswith("webhook-")}

    assert post(body + b" ", headers)[0] == 401
    assert post(body, unsigned)[0] == 401
    assert post(body, unsigned | {"X-Signature": signing.sign_hex(body, SECRET)})[0] == 401
    assert heard == []


def test_a_body_that_is_none_of_ours_is_refused_although_it_is_signed(post: Posting) -> None:
    body = b'{"hello": "world"}'
    headers = {"Content-Type": "application/json", **signing.sign(body, SECRET, "msg_1", datetime.now(UTC))}

    assert (post(body, headers)[0], heard) == (400, [])


def test_a_body_without_end_is_refused(post: Posting) -> None:
    body, headers = posted(message(), datetime.now(UTC))

    assert (post(body + b" " * MAX_BODY_BYTES, headers)[0], heard) == (413, [])


def test_django_takes_nothing_but_posts() -> None:
    receivers.django_app()

    assert DjangoClient().get("/told").status_code == 405


# --- the three lines of the how-to ------------------------------------------------------------------------------------


def shown(framework: str) -> dict[str, Any]:
    """What the program of the how-to defines."""
    (block,) = [one for one in BLOCKS if f"receive.{framework} import" in one]
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(block, "use-the-client.md", "exec", dont_inherit=True), names)
    return names


def of_the_how_to(framework: str, body: bytes, headers: dict[str, str]) -> int:
    names, where = shown(framework), "/status-events"
    if framework == "fastapi":
        return asyncio.run(_asgi(names["app"], body, headers, where))[0]
    if framework == "flask":
        return int(names["app"].test_client().post(where, data=body, headers=headers).status_code)
    receivers.django_app()
    request = RequestFactory().post(where, body, "application/json", headers=headers)
    return int(names["told"](request).status_code)


@pytest.mark.parametrize("framework", receivers.APPS)
def test_the_lines_of_the_how_to_take_what_is_signed_and_nothing_else(
    framework: str, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)

    assert of_the_how_to(framework, *posted(message(), now, OTHER)) == 401
    assert capsys.readouterr().out == ""
    assert of_the_how_to(framework, *posted(message(), now)) == 204
    assert capsys.readouterr().out.startswith("Event(")


# --- without one ------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


def signed(body: bytes, *secrets: str) -> dict[str, str]:
    """Headers as they may come: names in any case, a signature for each secret."""
    made = [signing.sign(body, secret, "msg_1", NOW) for secret in secrets]
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": made[0]["webhook-timestamp"]} | {
        "WEBHOOK-SIGNATURE": " ".join(one["webhook-signature"] for one in made)
    }


def test_while_secrets_change_either_one_will_do() -> None:
    body, _ = posted(message(), NOW)

    assert read(body, signed(body, OTHER, SECRET), [SECRET], NOW).event is not None
    assert read(body, signed(body, SECRET), [OTHER, SECRET], NOW).event is not None


@pytest.mark.parametrize("kind", MESSAGES)
def test_whatever_the_channel_says_of_events_is_read(kind: model.MessageKind) -> None:
    body, headers = posted(MESSAGES[kind], NOW)

    told = read(body, headers, [SECRET], NOW)

    assert told.event is not None and told.event.incident is not None
    assert (told.type == "test") is (kind is model.MessageKind.TEST)


def test_what_the_server_says_of_itself_is_a_notice() -> None:
    wording = model.Wording("Channel disabled", "It answered 410.")
    body, headers = posted(message(kind=model.MessageKind.NOTICE, wording=wording), NOW)

    told = read(body, headers, [SECRET], NOW)

    assert told.event is None
    assert told.notice == Notice("Channel disabled", "It answered 410.")


def test_heartbeats_are_told_apart_from_events_and_so_is_what_is_newer() -> None:
    body, headers = posted(HEARTBEAT, NOW)
    beat = read(body, headers, [SECRET], NOW)
    newer = b'{"type": "dance", "timestamp": "2026-05-04T10:22:31Z", "data": {"tune": "tango"}}'
    dance = read(newer, signed(newer, SECRET), [SECRET], NOW)

    assert beat.heartbeat is not None and beat.heartbeat.state == STANDING.state and beat.event is None
    assert (dance.type, dance.event, dance.heartbeat, dance.notice) == ("dance", None, None, None)


@pytest.mark.parametrize("secrets", [(), ("",), ("not base64!",), ("whsec_",), ("whsk_AAAA",), (SECRET,) * 4])
def test_secrets_that_verify_nothing_are_refused_at_the_start(secrets: tuple[str, ...]) -> None:
    with pytest.raises(SignatureError):
        checked(secrets)
