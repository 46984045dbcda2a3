"""Every way that mail can come in by, as configured: listeners, and loops for the supervisor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from statuswire.config import MailConfig
from statuswire.engine.clock import Clock
from statuswire.engine.inbox import Inbox
from statuswire.mail.imap import Account, Mailbox
from statuswire.mail.intake import FindPage, Intake, Trust
from statuswire.mail.maildir import Maildir
from statuswire.mail.place import Place
from statuswire.metrics import Metrics
from statuswire.model import Page
from statuswire.platforms import email
from statuswire.store import Store


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of one process. `is_on` is False where none is configured, or the process does not serve."""

    config: MailConfig
    intake: Intake
    store: Store
    clock: Clock
    is_on: bool

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[tuple[Place, ...]]:
        """Listen at every place that is configured; yields them with their ports. Raises ConfigError."""
        places = _places(self.config) if self.is_on else ()
        async with AsyncExitStack() as stack:
            yield tuple([await stack.enter_async_context(_listening(self.intake, place)) for place in places])

    def loops(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What looks for mail again and again, by name."""
        found: dict[str, Callable[[], Awaitable[None]]] = {}
        if self.is_on and self.config.maildir:
            found["maildir"] = Maildir(Path(self.config.maildir), self.intake, self.clock, self.config.interval).run
        if self.is_on and self.config.imap.host:
            imap = self.config.imap
            account = Account(imap.host, imap.port, imap.user, imap.password(), imap.tls, imap.certificates)
            mailbox = Mailbox(account, imap.folders, self.intake, self.store, self.clock, self.config.interval)
            found["imap"] = mailbox.run
        return found

    def addresses(self, pages: Sequence[Page], token: Callable[[str], str]) -> Iterator[tuple[Page, str]]:
        """The secret mail address of each page that only mails, else of the first page; none while no mail comes in.

        `token` gives that of a slug.
        """
        wanted: Iterable[Page] = [page for page in pages if page.platform == email.NAME] or pages[:1]
        for page in wanted if self.is_on else ():
            yield page, self.config.address(token(page.slug))


def ways(
    config: MailConfig,
    inbox: Inbox,
    store: Store,
    clock: Clock,
    metrics: Metrics,
    find_page: FindPage,
    *,
    is_serving: bool,
) -> Ways:
    """The ways that are configured, into this inbox."""
    trust = Trust(config.authserv_id, config.require_dkim)
    intake = Intake(inbox, store, clock, metrics, find_page, trust)
    return Ways(config, intake, store, clock, is_on=is_serving and config.is_on)


def _listening(intake: Intake, place: Place) -> AbstractAsyncContextManager[Place]:
    """`listener.listening`, loaded late: its library comes with an extra."""
    made: AbstractAsyncContextManager[Place] = import_module("statuswire.mail.listener").listening(intake, place)
    return made


def _places(config: MailConfig) -> Iterator[Place]:
    if config.smtp.port is not None:
        yield Place(is_lmtp=False, host=config.smtp.host, port=config.smtp.port)
    if config.lmtp.port is not None:
        yield Place(is_lmtp=True, host=config.lmtp.host, port=config.lmtp.port)
    if config.lmtp.socket:
        yield Place(is_lmtp=True, path=config.lmtp.socket)
