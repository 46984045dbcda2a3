"""One mail, whatever way it came: kept once, believed where the operator said so, and nothing followed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from statuswire.engine import confirmations
from statuswire.errors import ParseError
from statuswire.mail.intake import Taken, Trust, token_of
from tests.mail.parts import ACME, POLLED, Parts, mail, parts


def run(act: Callable[[Parts], Awaitable[object]], trust: Trust | None = None) -> object:
    async def both() -> object:
        with parts(trust) as built:
            return await act(built)

    return asyncio.run(both())


def test_a_mail_of_a_page_that_only_mails_makes_an_incident() -> None:
    async def act(built: Parts) -> None:
        assert await built.intake.take(mail(), "acme", "test") is Taken.ACCEPTED
        assert await built.read() == ["incident.created"]

    run(act)


def test_the_next_mail_about_it_is_its_update_and_the_last_its_end() -> None:
    async def act(built: Parts) -> None:
        await built.intake.take(mail(), "acme", "test")
        last = mail("Re: [Resolved] Slow API", "2", Date="Mon, 04 May 2026 10:00:00 +0000")
        await built.intake.take(last, "acme", "test")

        assert await built.read() == ["incident.created", "incident.resolved"]

    run(act)


def test_a_mail_of_a_polled_page_tells_nothing_but_that_there_is_news() -> None:
    async def act(built: Parts) -> None:
        await built.intake.take(mail(to=POLLED), None, "test")

        assert await built.read() == []
        assert [page.slug for page, _ in built.recorded] == ["polled"]

    run(act)


def test_a_message_id_seen_before_changes_nothing() -> None:
    async def act(built: Parts) -> None:
        await built.intake.take(mail(), "acme", "test")

        assert await built.intake.take(mail("[Resolved] Slow API"), "acme", "test") is Taken.DUPLICATE
        assert await built.read() == ["incident.created"]

    run(act)


def test_a_mail_without_a_message_id_is_known_again_by_what_it_says() -> None:
    async def act(built: Parts) -> None:
        await built.intake.take(mail(message_id=""), "acme", "test")

        assert await built.intake.take(mail(message_id=""), "acme", "test") is Taken.DUPLICATE
        assert await built.intake.take(mail("Other", message_id=""), "acme", "test") is Taken.ACCEPTED

    run(act)


def test_the_page_is_found_by_the_secret_address_in_the_headers() -> None:
    async def act(built: Parts) -> None:
        raw = mail(to="ops@ops.example", Delivered_To=ACME.upper())

        assert await built.intake.take(raw, None, "test") is Taken.ACCEPTED

    run(act)


def test_a_mail_without_a_secret_address_is_ignored() -> None:
    async def act(built: Parts) -> None:
        assert await built.intake.take(mail(to="hook+guess@ops.example"), None, "test") is Taken.IGNORED
        assert built.hooks() == []

    run(act)


def test_an_automatic_answer_of_a_stranger_is_ignored() -> None:
    async def act(built: Parts) -> None:
        raw = mail(From="bob@elsewhere.example", Auto_Submitted="auto-replied")

        assert await built.intake.take(raw, "acme", "test") is Taken.IGNORED
        assert built.hooks() == []

    run(act)


def test_a_confirmation_is_kept_for_the_operator_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    link = "https://status.acme-relay.example/subscriptions/confirm/secret"

    async def act(built: Parts) -> None:
        raw = mail("Confirm your subscription") + f"Click {link}\r\n".encode()
        await built.intake.take(raw, "acme", "test")
        await built.intake.take(raw.replace(b"<1@", b"<2@"), "acme", "test")

        (asked,) = built.store.read(lambda tx: confirmations.confirmations(tx, built.clock.now()))
        assert (asked.slug, asked.link) == ("acme", link)
        assert await built.read() == []

    run(act)

    assert "confirmation wanted" in caplog.text
    assert "secret" not in caplog.text


def test_what_is_no_mail_is_refused() -> None:
    async def act(built: Parts) -> None:
        with pytest.raises(ParseError):
            await built.intake.take(b"hello", "acme", "test")

    run(act)


def test_without_the_wanted_signature_a_mail_is_only_a_hint() -> None:
    async def act(built: Parts) -> None:
        await built.intake.take(mail(), "acme", "test")

        assert await built.read() == []
        assert [page.slug for page, _ in built.recorded] == ["acme"]

    run(act, Trust(require_dkim=True))


def test_the_result_of_our_own_mail_server_counts_as_a_signature() -> None:
    async def act(built: Parts) -> None:
        told = "mx.ops.example; spf=pass; dkim=pass (good) header.d=acme-relay.example header.s=x"
        await built.intake.take(mail(Authentication_Results=told), "acme", "test")

        assert built.hooks()[0].headers["x-authentication"] == "dkim=pass d=acme-relay.example by=mx.ops.example"
        assert await built.read() == ["incident.created"]

    run(act, Trust("mx.ops.example", require_dkim=True))


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [(ACME, True), (ACME.upper(), True), ("hook+@ops.example", False), ("hook@ops.example", False), ("", False)],
)
def test_a_secret_address_has_a_token(address: str, is_ours: bool) -> None:
    assert bool(token_of(address)) is is_ours
