"""One mail, one conversation in SMTP (RFC 5321), over a guarded socket and with the certificate checked.

Recipients are all or nobody where a refusal is temporary: if the server asks one of them to come back later (a grey
list), nothing is sent yet, so that a repeat doubles nothing for the others. Recipients that are refused for good are
left out and named in the log, as long as one is left.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import aiosmtplib
from aiohttp.abc import AbstractResolver

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Mail, Reply
from statuswire.net.sockets import connect

log = logging.getLogger(__name__)

FAREWELL_S: Final = 2.0
"""How long the answer to QUIT is waited for; the mail is accepted by then, whatever it is."""


async def send_mail(mail: Mail, resolver: AbstractResolver, tls: ssl.SSLContext, deadline_s: float) -> Reply:
    """The last answer of the server: to the body, or the one that ended the conversation before.

    The caller sets the deadline of the whole, `deadline_s` is for each step. Raises DeliveryError, and TimeoutError
    from the caller's deadline.
    """
    if not all(address.isascii() and address.isprintable() for address in (mail.sender, *mail.recipients)):
        raise _unsendable(mail.host)  # a line end would begin another command
    connection = await connect(mail.host, mail.port, resolver, is_private_ok=mail.is_private_ok)
    try:
        client = _client(mail, connection, tls, deadline_s)
    except BaseException:
        connection.close()
        raise
    try:
        return await _converse(client, mail)
    except aiosmtplib.SMTPResponseException as error:
        return Reply(error.code, body=_text(error.message))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _explain(error, mail.host) from error
    finally:
        _leave(client)


def _client(mail: Mail, connection: socket.socket, tls: ssl.SSLContext, deadline_s: float) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=mail.host,
        sock=connection,
        local_hostname=_own_name(connection),
        timeout=deadline_s,
        use_tls=mail.security == "tls",
        start_tls=mail.security == "starttls",
        tls_context=tls,
        username=mail.username or None,
        password=mail.password or None,
    )


def _own_name(connection: socket.socket) -> str:
    """An address literal (RFC 5321 section 4.1.3): asking for our own name may block, and gives away more."""
    address = connection.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


async def _converse(client: aiosmtplib.SMTP, mail: Mail) -> Reply:
    await client.connect()
    await client.mail(mail.sender)
    refusal = await _name_recipients(client, mail)
    if refusal is not None:
        await _say_goodbye(client)
        return refusal
    answer = await client.data(mail.body)
    await _say_goodbye(client)
    return Reply(answer.code, body=_text(answer.message))


async def _name_recipients(client: aiosmtplib.SMTP, mail: Mail) -> Reply | None:
    """The refusal because of which no body is sent; None where at least one recipient is taken and none is to wait."""
    refusals: list[Reply] = []
    for recipient in mail.recipients:
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            refusals.append(Reply(error.code, body=_text(error.message)))
            log.warning("recipient refused host=%s recipient=%s code=%d", mail.host, recipient, error.code)
    waiting = next((one for one in refusals if one.status < 500), None)
    if waiting is not None or len(refusals) < len(mail.recipients):
        return waiting
    return refusals[-1]


def _leave(client: aiosmtplib.SMTP) -> None:
    """At once: what is not sent by now is not to be sent any more. The socket belongs to the transport."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.Transport):
        transport.abort()


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException):
        await client.quit(timeout=FAREWELL_S)


def _explain(error: Exception, host: str) -> DeliveryError:
    """The typed error; of the texts of the server and the library none is repeated, they may hold credentials."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return DeliveryError(DeliveryReason.TLS, f"{host}: its certificate is not accepted: {cause.verify_message}")
        if isinstance(cause, ssl.SSLError):
            return DeliveryError(DeliveryReason.TLS, f"{host}: TLS failed")
    if isinstance(error, TimeoutError):
        return DeliveryError(DeliveryReason.TIMEOUT, f"{host}: no answer in time")
    if isinstance(error, ConnectionError):
        return DeliveryError(DeliveryReason.RESET, f"{host}: the connection was closed")
    if isinstance(error, ValueError):
        return _unsendable(host)
    for word, reason in _OFFERS.items():
        if word in str(error):
            return DeliveryError(reason, f"{host}: the server does not offer {word}")
    return DeliveryError(DeliveryReason.PROTOCOL, f"{host}: the conversation failed")


_OFFERS: Final = {"STARTTLS": DeliveryReason.TLS, "AUTH": DeliveryReason.CREDENTIALS}
"""Words of aiosmtplib's own sentences about what a server lacks (5.1, checked 2026-11)."""


def _unsendable(host: str) -> DeliveryError:
    return DeliveryError(DeliveryReason.ENCODING, f"{host}: an address cannot be sent", is_permanent=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _text(message: str) -> bytes:
    return message.encode("utf-8", "replace")[: 16 * 1024]
