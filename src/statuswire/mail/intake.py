"""One mail from whatever way it came: which page it is for, who signed it, and into the inbox.

The page is found by the secret address, whose token is that of the page's `/hooks/{token}`. A mail with a message id
seen before changes nothing. Automatic answers and bounces are dropped; a mail that asks to confirm a subscription is
kept for the operator and never followed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from statuswire.engine import confirmations
from statuswire.engine.clock import Clock
from statuswire.engine.confirmations import Confirmation
from statuswire.engine.inbox import Inbox
from statuswire.mail.authentication import LookUp, Verdict, check, look_up_txt
from statuswire.mail.reading import AUTHENTICATION, IS_HINT, PAGE_URL
from statuswire.metrics import Metrics
from statuswire.model import Hook, Page
from statuswire.platforms import email
from statuswire.platforms.email_message import Mail, read_mail
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"[a-z2-7]{32}")
_LONGEST_ID = 200

FindPage = Callable[[str], str | None]
"""The slug behind a token, None for a guess."""


class Taken(StrEnum):
    """What became of a mail. All of them are acknowledged: sending it again would change nothing."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Trust:
    """How mail is believed: under which name our own mail server reports, and whether a signature is wanted."""

    authserv_id: str = ""
    require_dkim: bool = False


def token_of(address: str) -> str:
    """The token of a secret address; empty where it has none. Case does not count: mail servers change it."""
    detail = address.rpartition("@")[0].rpartition("+")[2].lower()
    return detail if _TOKEN.fullmatch(detail) else ""


class Intake:
    """Takes mail in. All methods belong to one event loop."""

    def __init__(
        self,
        inbox: Inbox,
        store: Store,
        clock: Clock,
        metrics: Metrics,
        find_page: FindPage,
        trust: Trust,
        look_up: LookUp = look_up_txt,
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._find_page = find_page
        self._trust = trust
        self._look_up = look_up

    def slug_of(self, addresses: Iterable[str]) -> str | None:
        """The page that one of the addresses belongs to, None where none is ours."""
        slugs = (self._find_page(token) for token in map(token_of, addresses) if token)
        return next(filter(None, slugs), None)

    async def take(self, raw: bytes, slug: str | None, way: str) -> Taken:
        """Keep a mail for a page, or for the page whose secret address it names; `way` is a word for the log.

        Returns after the commit. Raises ParseError where it can never be read, Overloaded and StoreError where it
        should be offered again.
        """
        mail = await asyncio.to_thread(read_mail, raw)
        slug = slug or self.slug_of(mail.recipients)
        page = await self._page(slug) if slug else None
        if page is None:
            return self._note(way, "-", mail, Taken.IGNORED, "no_secret_address")
        if email.is_automatic(mail, page.url):
            return self._note(way, page.slug, mail, Taken.IGNORED, "automatic_answer")
        verdict = await asyncio.to_thread(check, raw, mail, self._trust.authserv_id, self._look_up)
        await self._keep_confirmation(page, mail)
        is_new = await self._inbox.accept(self._hook(raw, page, mail, verdict))
        taken = Taken.ACCEPTED if is_new else Taken.DUPLICATE
        self._metrics.answered(email.NAME, taken)
        return self._note(way, page.slug, mail, taken, str(verdict))

    async def _page(self, slug: str) -> Page | None:
        return await asyncio.to_thread(self._store.read, partial(queries.page_by_slug, slug=slug))

    async def _keep_confirmation(self, page: Page, mail: Mail) -> None:
        """The link may go to nobody but the operator, so the log does not have it."""
        link = email.confirmation_of(mail, page.url)
        if link is None:
            return
        asked = Confirmation(page.slug, mail.sender, mail.subject, link, self._clock.now())
        await asyncio.to_thread(self._store.write, partial(confirmations.keep, asked=asked))
        log.warning(
            "confirmation wanted page=%s from=%s subject=%r; `statuswire doctor` shows the link",
            page.slug,
            mail.sender,
            mail.subject,
        )

    def _hook(self, raw: bytes, page: Page, mail: Mail, verdict: Verdict) -> Hook:
        is_hint = self._trust.require_dkim and not verdict.is_aligned(mail.sender)
        return Hook(
            source=email.NAME,
            message_id=f"{page.slug}/{_identity(mail)}",
            platform=email.NAME,
            body=raw,
            received_at=self._clock.now(),
            headers=_headers(page, verdict, is_hint=is_hint),
            page_slug=page.slug,
        )

    def _note(self, way: str, slug: str, mail: Mail, taken: Taken, why: str) -> Taken:
        log.info("mail way=%s page=%s from=%s outcome=%s %s", way, slug, mail.sender or "-", taken, why)
        return taken


def _headers(page: Page, verdict: Verdict, *, is_hint: bool) -> Mapping[str, str]:
    kept = {"content-type": "message/rfc822", PAGE_URL: page.url, AUTHENTICATION: str(verdict)}
    return kept | {IS_HINT: "1"} if is_hint else kept


def _identity(mail: Mail) -> str:
    """The mail's Message-ID; of one without, a digest of what it says."""
    if mail.message_id and len(mail.message_id) <= _LONGEST_ID:
        return mail.message_id
    told = mail.message_id or "\n".join((mail.sender, str(mail.sent_at), mail.subject, mail.words))
    return "sha256:" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
