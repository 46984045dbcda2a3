"""Folders looked at by IMAP: every mail once, over restarts too, and nothing in the mailbox changed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import pytest
import trustme

from statuswire.errors import FetchError, FetchReason, StoreError, StoreReason
from statuswire.mail.imap import BATCH, Account, Mailbox
from statuswire.platforms.email_message import MAX_BYTES
from tests.mail.imap_server import PASSWORD, ImapServer, serving
from tests.mail.parts import Parts, mail, parts


def run(
    imap: ImapServer,
    act: Callable[[Parts, Mailbox], Awaitable[None]],
    folders: Mapping[str, str] | None = None,
    password: str = PASSWORD,
) -> None:
    async def both() -> None:
        with parts() as built, serving(imap):
            account = Account("127.0.0.1", imap.port, "ops", password, is_tls=False)
            chosen = folders or {"INBOX": ""}
            await act(built, Mailbox(account, chosen, built.intake, built.store, built.clock, timedelta(seconds=30)))

    asyncio.run(both())


def test_new_mail_is_taken_once_and_the_mailbox_is_only_read() -> None:
    imap = ImapServer({"INBOX": {3: mail(), 5: mail("[Resolved] Slow API", "2")}})

    async def act(built: Parts, box: Mailbox) -> None:
        assert await box.look() == 2
        assert await box.look() == 0
        assert await built.read() == ["incident.created", "incident.resolved"]

    run(imap, act)

    assert not [one for one in imap.said if one.startswith(("SELECT", "UID STORE"))]
    assert all("BODY.PEEK" in one for one in imap.said if "FETCH" in one)


def test_the_first_look_goes_back_a_day_and_the_next_goes_on_from_there() -> None:
    imap = ImapServer({"INBOX": {3: mail()}})

    async def act(built: Parts, box: Mailbox) -> None:
        await box.look()
        imap.folders["INBOX"][4] = mail("Other", "4")
        assert await box.look() == 1

    run(imap, act)

    searches = [one for one in imap.said if "SEARCH" in one]
    assert searches == ["UID SEARCH SINCE 03-May-2026", "UID SEARCH UID 4:*"]


def test_a_folder_made_anew_is_read_again_and_tells_nothing_twice() -> None:
    imap = ImapServer({"INBOX": {3: mail()}})

    async def act(built: Parts, box: Mailbox) -> None:
        await box.look()
        imap.validity = 8
        imap.folders["INBOX"] = {1: mail()}
        assert await box.look() == 1
        assert await built.read() == ["incident.created"]

    run(imap, act)


def test_a_folder_of_one_page_needs_no_secret_address() -> None:
    imap = ImapServer({"INBOX": {1: mail("Lunch?", "1", to="bob@ops.example")}})
    imap.folders["Acme"] = {1: mail(message_id="2", to="bob@ops.example")}

    async def act(built: Parts, box: Mailbox) -> None:
        assert await box.look() == 2
        assert [hook.page_slug for hook in built.hooks()] == ["acme"]

    run(imap, act, {"INBOX": "", "Acme": "acme"})


def test_more_than_one_batch_is_read_to_the_end() -> None:
    imap = ImapServer({"INBOX": {uid: mail(message_id=str(uid)) for uid in range(1, BATCH + 3)}})

    async def act(built: Parts, box: Mailbox) -> None:
        assert await box.look() == BATCH + 2

    run(imap, act)


def test_a_mail_that_can_never_be_read_is_passed_over() -> None:
    imap = ImapServer({"INBOX": {1: mail() + b"x" * MAX_BYTES, 2: b"hello", 3: mail(message_id="3")}})

    async def act(built: Parts, box: Mailbox) -> None:
        assert await box.look() == 3
        assert len(built.hooks()) == 1
        assert await box.look() == 0

    run(imap, act)


def test_a_mail_that_could_not_be_stored_is_met_again() -> None:
    imap = ImapServer({"INBOX": {1: mail(), 2: mail("Other", "2")}})

    async def act(built: Parts, box: Mailbox) -> None:
        accept = built.inbox.accept

        async def second_fails(hook) -> bool:
            if "<2@" in hook.message_id:
                raise StoreError(StoreReason.FULL, "the disk is full")
            return await accept(hook)

        built.inbox.accept = second_fails
        with pytest.raises(StoreError):
            await box.look()
        built.inbox.accept = accept
        assert await box.look() == 1

    run(imap, act)


@pytest.mark.parametrize(
    ("fields", "password", "reason"),
    [
        ({}, "wrong", FetchReason.UNAUTHORIZED),
        ({"refuses": "EXAMINE"}, PASSWORD, FetchReason.STATUS),
        ({"refuses": "UID SEARCH"}, PASSWORD, FetchReason.STATUS),
        ({"hangs_up_on": "EXAMINE"}, PASSWORD, FetchReason.PROTOCOL),
    ],
)
def test_a_server_that_refuses_is_told_apart(fields: dict[str, str], password: str, reason: FetchReason) -> None:
    async def act(built: Parts, box: Mailbox) -> None:
        with pytest.raises(FetchError) as caught:
            await box.look()

        assert caught.value.reason is reason
        assert password not in str(caught.value)

    run(ImapServer({"INBOX": {}}, **fields), act, password=password)


def test_no_server_at_all_is_a_failed_connection_and_the_password_is_not_shown() -> None:
    account = Account("127.0.0.1", 1, "ops", PASSWORD, is_tls=False)

    async def act() -> None:
        with parts() as built:
            box = Mailbox(account, {"INBOX": ""}, built.intake, built.store, built.clock, timedelta(seconds=30))
            with pytest.raises(FetchError) as caught:
                await box.look()
            assert caught.value.reason is FetchReason.CONNECT

    asyncio.run(act())

    assert PASSWORD not in repr(account)


def looked_at_over_tls(certificates: str) -> int:
    """How many mails a look takes from a server that `OURS` vouches for."""
    imap = ImapServer({"INBOX": {3: mail()}})
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    OURS.issue_cert("127.0.0.1").configure_cert(server)

    async def look() -> int:
        with parts() as built, serving(imap, server):
            account = Account("127.0.0.1", imap.port, "ops", PASSWORD, certificates=certificates)
            box = Mailbox(account, {"INBOX": ""}, built.intake, built.store, built.clock, timedelta(seconds=30))
            return await box.look()

    return asyncio.run(look())


OURS = trustme.CA()


def test_a_server_is_believed_where_its_own_authority_vouches_for_it() -> None:
    assert looked_at_over_tls(OURS.cert_pem.bytes().decode()) == 1


@pytest.mark.parametrize("certificates", ["", trustme.CA().cert_pem.bytes().decode()])
def test_a_server_that_nobody_vouches_for_is_not_believed(certificates: str) -> None:
    with pytest.raises(FetchError) as caught:
        looked_at_over_tls(certificates)

    assert caught.value.reason is FetchReason.TLS
