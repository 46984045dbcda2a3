"""Mail to a real server: encryption, login, refusals, silence, and where nothing may go (FAULTS O10)."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace

import pytest

from statuswire.errors import DeliveryReason
from statuswire.model import Mail
from statuswire.net.send import Patience
from tests.fake_provider import self_signed_context, server_context
from tests.net.broker import answering
from tests.net.mail_server import PASSWORD, USER, MailServer, serving
from tests.net.support import KnownNames, on_the_servers_loop, quiet_listener, refusal, sending

BODY = b"Subject: hello\r\nMessage-ID: <msg_a@example.com>\r\n\r\nA bad deploy.\r\n"
HASTE = Patience(mail=0.3)


def mail(server: MailServer, security: str = "none", *recipients: str, password: str = "") -> Mail:
    return Mail(
        host="127.0.0.1",
        port=server.port,
        security=security,
        sender="status@example.com",
        recipients=recipients or ("ops@example.com",),
        body=BODY,
        username=USER if password else "",
        password=password,
        is_private_ok=True,
    )


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
@on_the_servers_loop
async def test_a_mail_arrives_encrypted_as_asked_for(security: str) -> None:
    async with serving(MailServer(), security) as server, sending() as sender:
        answer = await sender.send(mail(server, security, "ops@example.com", "boss@example.com"))

        origin, recipients, got = server.got[0]
        assert (answer.status, answer.body) == (250, b"2.0.0 queued as 12345")
        assert (origin, recipients) == ("status@example.com", ("ops@example.com", "boss@example.com"))
        assert (got["Subject"], got.get_content().strip()) == ("hello", "A bad deploy.")
        assert server.was_encrypted == [security == "starttls"] or security == "tls"


@on_the_servers_loop
async def test_a_user_logs_in() -> None:
    async with serving(MailServer(), "starttls", needs_login=True) as server, sending() as sender:
        answer = await sender.send(mail(server, "starttls", password=PASSWORD))

        assert (answer.status, server.users) == (250, [USER])


@on_the_servers_loop
async def test_a_wrong_password_is_answered_with_its_code_and_repeated_nowhere() -> None:
    async with serving(MailServer(), "starttls", needs_login=True) as server, sending() as sender:
        answer = await sender.send(mail(server, "starttls", password="wrong-secret"))

        assert (answer.status, server.got) == (535, [])
        assert b"wrong-secret" not in answer.body


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    "tls",
    [self_signed_context("127.0.0.1"), server_context("mail.elsewhere.example")],
    ids=["of nobody", "for another name"],
)
@on_the_servers_loop
async def test_a_certificate_that_is_not_good_gets_no_mail(security: str, tls: ssl.SSLContext) -> None:
    async with serving(MailServer(), security, tls=tls) as server, sending() as sender:
        error = await refusal(sender, mail(server, security, password=PASSWORD))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TLS, False)
        assert "certificate is not accepted" in str(error)
        assert (server.got, server.users) == ([], [])


@on_the_servers_loop
async def test_a_server_that_does_not_offer_starttls_gets_neither_password_nor_mail() -> None:
    async with serving(MailServer(), "none") as server, sending() as sender:
        error = await refusal(sender, mail(server, "starttls", password=PASSWORD))

        assert (error.reason, server.users, server.got) == (DeliveryReason.TLS, [], [])
        assert "does not offer STARTTLS" in str(error)


@pytest.mark.parametrize("answer", ["451 4.3.0 try later", "554 5.7.1 spam"])
@on_the_servers_loop
async def test_o10_what_the_server_says_to_the_body_is_the_reply(answer: str) -> None:
    async with serving(MailServer(to_data=answer)) as server, sending() as sender:
        reply = await sender.send(mail(server))

        assert f"{reply.status} {reply.body.decode()}" == answer


@on_the_servers_loop
async def test_o10_a_grey_list_for_one_recipient_holds_the_mail_back_for_all() -> None:
    grey = MailServer(answers={"boss@example.com": "450 4.7.1 greylisted"})
    async with serving(grey) as server, sending() as sender:
        reply = await sender.send(mail(server, "none", "ops@example.com", "boss@example.com"))

        assert (reply.status, server.got) == (450, [])


@on_the_servers_loop
async def test_o10_a_recipient_refused_for_good_is_left_out_and_named(caplog: pytest.LogCaptureFixture) -> None:
    picky = MailServer(answers={"gone@example.com": "550 5.1.1 no such user"})
    async with serving(picky) as server, sending() as sender:
        reply = await sender.send(mail(server, "none", "gone@example.com", "ops@example.com"))

        assert (reply.status, server.got[0][1]) == (250, ("ops@example.com",))
    assert "recipient=gone@example.com code=550" in caplog.text


@on_the_servers_loop
async def test_o10_a_mail_that_nobody_may_have_is_refused() -> None:
    picky = MailServer(answers={"gone@example.com": "550 5.1.1 no such user"})
    async with serving(picky) as server, sending() as sender:
        reply = await sender.send(mail(server, "none", "gone@example.com"))

        assert (reply.status, reply.body, server.got) == (550, b"5.1.1 no such user", [])


@on_the_servers_loop
async def test_o10_a_server_that_never_answers_the_body_is_left_in_time() -> None:
    async with serving(MailServer(is_slow=True)) as server, sending(patience=HASTE) as sender:
        error = await refusal(sender, mail(server))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@on_the_servers_loop
async def test_a_server_that_never_says_a_word_is_left_in_time(security: str) -> None:
    async with answering(hangs_up=False) as (port, _), sending(patience=HASTE) as sender:
        error = await refusal(sender, mail(MailServer(port=port), security))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_a_mail_can_be_given_up_at_any_moment() -> None:
    async with serving(MailServer(is_slow=True)) as server, sending() as sender:
        task = asyncio.create_task(sender.send(mail(server)))
        await server.at_body.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


@on_the_servers_loop
async def test_a_server_that_hangs_up_has_not_taken_the_mail() -> None:
    async with quiet_listener() as (port, _), sending() as sender:
        error = await refusal(sender, mail(MailServer(port=port)))

        assert error.reason is DeliveryReason.RESET


@on_the_servers_loop
async def test_o6_o8_a_server_at_a_private_address_is_not_asked() -> None:
    names = KnownNames(smtp_example=["127.0.0.1", "::1"])
    async with quiet_listener() as (port, seen), sending(resolver=names) as sender:
        for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "smtp.example"):
            error = await refusal(sender, replace(mail(MailServer(port=port)), host=host, is_private_ok=False))

            assert (error.reason, error.is_permanent) == (DeliveryReason.FORBIDDEN_ADDRESS, True)

        assert seen == []


@on_the_servers_loop
async def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer() -> None:
    names = KnownNames(localhost=["127.0.0.2", "127.0.0.1"])
    async with serving(MailServer()) as server, sending(resolver=names) as sender:
        reply = await sender.send(replace(mail(server), host="localhost"))

        assert reply.status == 250


@on_the_servers_loop
async def test_a_name_that_does_not_exist_is_told_as_such() -> None:
    async with sending() as sender:
        error = await refusal(sender, replace(mail(MailServer(port=25)), host="nowhere.example"))

        assert (error.reason, error.is_permanent) == (DeliveryReason.DNS, False)


@on_the_servers_loop
async def test_line_ends_in_an_address_start_no_command() -> None:
    async with serving(MailServer()) as server, sending() as sender:
        error = await refusal(sender, mail(server, "none", "ops@example.com>\r\nRCPT TO:<eve@example.com"))

        assert (error.reason, error.is_permanent, server.got) == (DeliveryReason.ENCODING, True, [])
