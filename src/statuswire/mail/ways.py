"""Every way that mail can come in by, as configured: listeners, and loops for the supervisor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from statuswire.config import MailConfig
from statuswire.engine.clock import Clock
from statuswire.mail.imap import Account, Mailbox
from statuswire.mail.intake import Intake
from statuswire.mail.listener import Place, listening
from statuswire.mail.maildir import Maildir
from statuswire.store import Store


@asynccontextmanager
async def listen(config: MailConfig, intake: Intake) -> AsyncIterator[tuple[Place, ...]]:
    """Listen at every place that is configured; yields them with their ports. Raises ConfigError."""
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(listening(intake, place)) for place in _places(config)])


def _places(config: MailConfig) -> Iterator[Place]:
    if config.smtp.port is not None:
        yield Place(is_lmtp=False, host=config.smtp.host, port=config.smtp.port)
    if config.lmtp.port is not None:
        yield Place(is_lmtp=True, host=config.lmtp.host, port=config.lmtp.port)
    if config.lmtp.socket:
        yield Place(is_lmtp=True, path=config.lmtp.socket)


def loops(config: MailConfig, intake: Intake, store: Store, clock: Clock) -> dict[str, Callable[[], Awaitable[None]]]:
    """What looks for mail again and again, by name."""
    found: dict[str, Callable[[], Awaitable[None]]] = {}
    if config.maildir:
        found["maildir"] = Maildir(Path(config.maildir), intake, clock, config.interval).run
    if config.imap.host:
        imap = config.imap
        account = Account(imap.host, imap.port, imap.user, imap.password(), imap.tls)
        found["imap"] = Mailbox(account, imap.folders, intake, store, clock, config.interval).run
    return found
