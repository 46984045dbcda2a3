"""What channels ask for, done: each Action is carried out once, within its time, and gives a Reply or a DeliveryError.

Whatever the Action, no name or setting leads to an address that is not public unless its channel says so, redirects are
not followed, and who waits may be cancelled at any moment: connections are closed and programs ended.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeAlias, TypeVar

from aiohttp.abc import AbstractResolver

from statuswire.errors import DeliveryError, DeliveryReason, FetchError
from statuswire.model import Action, Announcement, Command, Line, Mail, Publication, Reply, Request
from statuswire.net.announcing import announce
from statuswire.net.files import Files
from statuswire.net.http import HttpClient
from statuswire.net.mqtt import publish
from statuswire.net.programs import run_command

REPLY_BYTES: Final = 16 * 1024
"""So much of an answer is read; then the connection is closed (Reply.body)."""

_NO_MAIL: Final = "what sends mail is not installed; it comes with `pip install 'statuswire[mail]'`"

Print: TypeAlias = Callable[[str], Awaitable[None]]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a whole action, all included. Mail has more: servers look at a message before they accept it, and
    RFC 5321 section 4.5.3.2.6 would even give them ten minutes."""

    request: float = 15.0
    mail: float = 60.0
    publication: float = 15.0
    line: float = 15.0
    announcement: float = 30.0


class Sender:
    """Make it on the loop that uses it. `tls` verifies mail servers and brokers; HTTP has that of the client. `print_`
    writes a text to standard output."""

    def __init__(
        self,
        client: HttpClient,
        resolver: AbstractResolver,
        tls: ssl.SSLContext,
        print_: Print,
        patience: Patience = Patience(),
    ) -> None:
        self._client = client
        self._resolver = resolver
        self._tls = tls
        self._print = print_
        self._patience = patience
        self._files = Files()
        self._ways: Mapping[type[Action], Callable[[Any], Awaitable[Reply]]] = {
            Request: self._request,
            Mail: self._mail,
            Publication: self._publish,
            Line: self._append,
            Command: run_command,
            Announcement: self._announce,
        }

    async def send(self, action: Action) -> Reply:
        """Carry it out. Raises DeliveryError where there is no reply."""
        return await self._ways[type(action)](action)

    async def _request(self, request: Request) -> Reply:
        try:
            response = await self._client.request(
                request.method,
                request.url,
                headers=request.headers,
                body=request.body or None,
                allow_private=request.is_private_ok,
                deadline=self._patience.request,
                max_bytes=REPLY_BYTES,
            )
        except FetchError as error:
            raise _undelivered(error) from error
        return Reply(response.status, response.headers, response.body)

    async def _mail(self, mail: Mail) -> Reply:
        seconds = self._patience.mail
        try:
            smtp = import_module("statuswire.net.smtp")  # late: its library comes with an extra
        except ModuleNotFoundError as error:
            raise DeliveryError(DeliveryReason.NOT_INSTALLED, _NO_MAIL, is_permanent=True) from error
        return await _within(seconds, mail.host, smtp.send_mail(mail, self._resolver, self._tls, seconds))

    async def _publish(self, publication: Publication) -> Reply:
        return await _within(
            self._patience.publication, publication.host, publish(publication, self._resolver, self._tls)
        )

    async def _append(self, line: Line) -> Reply:
        if line.is_printed:
            writing = self._print(line.text)
        else:
            writing = asyncio.to_thread(self._files.append, line)
        await _within(self._patience.line, line.path, writing)
        return Reply(0)

    async def _announce(self, announcement: Announcement) -> Reply:
        return await announce(announcement, self._patience.announcement)


async def _within(seconds: float, where: str, doing: Awaitable[_Result]) -> _Result:
    try:
        async with asyncio.timeout(seconds):
            return await doing
    except TimeoutError as error:
        raise DeliveryError(DeliveryReason.TIMEOUT, f"{where}: not done in {seconds:g} s") from error


def _undelivered(error: FetchError) -> DeliveryError:
    """The client's reasons have the same words here."""
    return DeliveryError(DeliveryReason(error.reason), str(error), is_permanent=error.is_permanent)
