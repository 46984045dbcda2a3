"""Notices by e-mail, of any sender: for pages that only mail, and as a sign that a page has news.

Sources: RFC 5322, 2047 and 3834; Statuspage's sender `noreply@statuspage.io` and its phrases as public mail filters key
on them; Freshstatus's `updates@freshstatus.io` (checked 2026-11). Providers do not document their mails, so what counts
is what is set off: marks at the edge of the subject, lines that are a label and a value, and links with an incident's
id in them. No level is ever guessed from a sentence.

The incident's id is that in a link to the page, so that mail and poll mean the same incident; tracking redirects hide
it and are not followed. Without such a link it is `mail:` and a digest of the title, the same in each mail about it.
An update's id is a digest of incident, phase and text: the same notice sent twice is one update. Its time is the `Date`
of the mail, which may be later than the update. `Document.url` is the address of the page, where it is known.

A mail says nothing of what it does not name: absence means nothing. One that only asks to confirm a subscription, or
that merely answers, has no incident. Who may be believed is decided where mail is taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest, fold_text
from statuswire.model import (
    AffectedComponent,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.email_message import Link, Mail, read_mail
from statuswire.platforms.email_words import (
    COMPONENT_LABELS,
    END_LABELS,
    IMPACT_LABELS,
    MAINTENANCE,
    PHASE_LABELS,
    PHRASES,
    START_LABELS,
    label_lines,
    read_subject,
    without_footer,
)
from statuswire.platforms.feed_titles import PHASES, Heading
from statuswire.platforms.reading import fold_word, moment, normalise_url, one_line, split_url, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, STATUS_IMPACT, UNCHANGED_WORDS

NAME = "email"
MARK = "from e-mail"
"""The name of the event that every mail is: the console's provider format and the API show it."""

CONFIRMATION = "confirmation by e-mail"
"""The name of the event where a provider asks whether somebody wants its mails."""

SENDERS: Final = ("statuspage.io", "freshstatus.io", "instatus.com", "incident.io", "betteruptime.com", "status.io")
"""Domains that status-page products mail from: Statuspage and Freshstatus as known, the others by their own name."""

_PAGE_HOSTS: Final = (*SENDERS, "betterstack.com", "stspg.io", "sorryapp.com", "statuspal.io", "statuspal.eu")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: mail comes by itself."""
    return ()


def parse(document: Document) -> Snapshot:
    """Raises ParseError."""
    return read(read_mail(document.body), document)


def read(mail: Mail, document: Document) -> Snapshot:
    """The Snapshot of a mail that was taken apart already. Raises ParseError where it has no words at all."""
    if not mail.subject and not mail.words:
        raise ParseError(ParseReason.EMPTY, "a mail without a subject and a text")
    if confirmation_of(mail, document.url) is not None:
        return Snapshot(NAME, PageFacts(), as_of=_sent_at(mail, document), event_name=CONFIRMATION)
    if not mail.subject:
        raise ParseError(ParseReason.SHAPE, "a mail without a subject: nothing says which incident it is about")
    problems: list[Problem] = []
    incident = _incident(mail, document, problems)
    return Snapshot(
        platform=NAME,
        as_of=_sent_at(mail, document),
        incidents=(incident,),
        problems=tuple(problems),
        event_name=MARK,
    )


def _sent_at(mail: Mail, document: Document) -> datetime:
    """When the mail was written; a clock that runs ahead must not make it newer than its receipt."""
    return min(mail.sent_at or document.received_at, document.received_at)


# --- the incident ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What the marked places of one mail say."""

    heading: Heading
    phase: Phase | None
    raw_phase: str
    impact: Impact
    kind: Kind


def _incident(mail: Mail, document: Document, problems: list[Problem]) -> Incident:
    words = without_footer(mail.words)
    labels = label_lines(words)
    place = incident_link(mail, document.url)
    told = _told(mail, words, labels, place, problems)
    name = told.heading.title or mail.subject
    ident = place.id if place else "mail:" + digest("mail", " ".join(name.casefold().split()))[:20]
    at = _sent_at(mail, document)
    said = words or name
    key = "mail:" + digest("mail-update", ident, told.phase or "", fold_text(said, len(said)))[:20]
    update = IncidentUpdate(key, told.phase, said, at, raw_phase=told.raw_phase)
    return Incident(
        id=ident,
        title=name,
        kind=told.kind,
        phase=told.phase,
        impact=told.impact,
        url=place.url if place else "",
        scheduled_for=_labelled_moment(labels, START_LABELS) if told.kind is Kind.MAINTENANCE else None,
        scheduled_until=_labelled_moment(labels, END_LABELS) if told.kind is Kind.MAINTENANCE else None,
        components=_components(labels),
        updates=(update,),
        aliases=(normalise_url(place.url),) if place else (),
        raw_phase=told.raw_phase,
    )


def _told(mail: Mail, words: str, labels: dict[str, str], place: IncidentLink | None, problems: list[Problem]) -> _Told:
    heading = read_subject(mail.subject)
    is_maintenance = heading.kind is Kind.MAINTENANCE or bool(place and place.is_maintenance)
    is_maintenance = is_maintenance or (heading.kind is None and MAINTENANCE.search(heading.title) is not None)
    phase, level, raw = _phase(heading, words, labels, problems)
    table = _MAINTENANCE_PHASES if is_maintenance else _INCIDENT_PHASES
    phase = table.get(phase, phase) if phase is not None else None
    if is_maintenance:
        return _Told(heading, phase or Phase.SCHEDULED, raw, Impact.MAINTENANCE, Kind.MAINTENANCE)
    return _Told(heading, phase, raw, _impact(heading, level, labels), Kind.INCIDENT)


_INCIDENT_PHASES: Final = {Phase.IN_PROGRESS: Phase.INVESTIGATING, Phase.COMPLETED: Phase.RESOLVED}
_MAINTENANCE_PHASES: Final = {
    Phase.INVESTIGATING: Phase.IN_PROGRESS,
    Phase.IDENTIFIED: Phase.IN_PROGRESS,
    Phase.MONITORING: Phase.VERIFYING,
    Phase.RESOLVED: Phase.COMPLETED,
}
"""What words mean of the other kind: an incident that is "completed" is over, and so is a maintenance "resolved"."""


def _phase(
    heading: Heading, words: str, labels: dict[str, str], problems: list[Problem]
) -> tuple[Phase | None, Status, str]:
    """Phase, level and word: the subject's mark first, then a line `Status: ...`, then a phrase of Statuspage's."""
    if heading.phase is not None:
        return heading.phase, Status.UNKNOWN, heading.raw
    word = next((labels[label] for label in PHASE_LABELS if label in labels), "")
    folded = fold_word(word)
    if folded and folded not in UNCHANGED_WORDS:
        return _phase_of_word(word, folded, problems)
    lines = (fold_word(line) for line in words.splitlines()[:40] if len(line) <= 200)
    found = next(((line, PHRASES[mark]) for line in lines for mark in PHRASES if line.startswith(mark)), None)
    return (found[1], Status.UNKNOWN, "") if found else (None, Status.UNKNOWN, "")


def _phase_of_word(word: str, folded: str, problems: list[Problem]) -> tuple[Phase | None, Status, str]:
    phase = PHASES.get(folded)
    level = COMPONENT_WORDS.get(folded)
    if phase is not None:
        return phase, Status.UNKNOWN, word
    if level is None:
        problems.append(Problem("status", f"unknown word {word[:60]!r}"))
        return Phase.UNKNOWN, Status.UNKNOWN, word
    return Phase.RESOLVED if level is Status.OPERATIONAL else Phase.INVESTIGATING, level, word


def _impact(heading: Heading, level: Status, labels: dict[str, str]) -> Impact:
    """The subject's mark, a line `Impact: ...` of one known word, or the level that stood for a phase."""
    if heading.impact is not Impact.UNKNOWN:
        return heading.impact
    word = next((labels[label] for label in IMPACT_LABELS if label in labels), "")
    told = IMPACT_WORDS.get(fold_word(word), Impact.UNKNOWN)
    is_over = level is Status.OPERATIONAL
    return told if told is not Impact.UNKNOWN or is_over else STATUS_IMPACT.get(level, Impact.UNKNOWN)


def _components(labels: dict[str, str]) -> tuple[AffectedComponent, ...] | None:
    """The names of a line `Affected components: ...`; None where there is none."""
    line = next((labels[label] for label in COMPONENT_LABELS if label in labels), "")
    names = dict.fromkeys(filter(None, map(title, re.split(r"[,;]", line)[:100])))
    return tuple(AffectedComponent("", name) for name in names) or None


_STATES_ITS_ZONE: Final = re.compile(r"\b(?:UTC|GMT)\b|\dZ\b|[+-]\d{2}:?\d{2}\b")


def _labelled_moment(labels: dict[str, str], wanted: tuple[str, ...]) -> datetime | None:
    """A moment that is a line's value; only with its zone, since a mail has none to fall back on."""
    value = next((labels[label] for label in wanted if label in labels), "")
    return moment(value) if _STATES_ITS_ZONE.search(value) else None


# --- links -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncidentLink:
    """A link that has an incident's id in its path."""

    id: str
    url: str
    is_maintenance: bool


_PATHS: Final = (
    (re.compile(r"/incidents?/([A-Za-z0-9][\w-]{2,99})"), False),
    (re.compile(r"/maintenances?/([A-Za-z0-9][\w-]{2,99})"), True),
    (re.compile(r"/pages/incident/[0-9a-f]{6,40}/([0-9a-f]{6,40})"), False),
    (re.compile(r"/notices/([A-Za-z0-9][\w-]{2,199})"), False),
    (re.compile(r"/events/report/(\d{1,12})"), False),
)
_NO_IDS: Final = frozenset({"history", "new", "latest", "all"})


def incident_link(mail: Mail, page_url: str) -> IncidentLink | None:
    """The first link to an incident of the page, or of a product that serves pages."""
    return next(_incident_links(mail.links, host_of(page_url)), None)


def _incident_links(links: tuple[Link, ...], page_host: str) -> Iterator[IncidentLink]:
    for link in links:
        parts = split_url(link.url)
        host = host_of(link.url)
        if parts is None or not host or not (host == page_host or is_below(host, _PAGE_HOSTS)):
            continue
        path = parts.path.rstrip("/")
        for form, is_maintenance in _PATHS:
            found = form.fullmatch(path)
            if found and found[1].lower() not in _NO_IDS:
                yield IncidentLink(found[1], f"{parts.scheme}://{parts.netloc}{path}", is_maintenance)


def host_of(url: str) -> str:
    """The host of an address in lower case; empty where it has none."""
    parts = split_url(url)
    try:
        return (parts.hostname or "").lower() if parts else ""
    except ValueError:
        return ""


def is_below(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a host is one of the domains or below one."""
    return any(host == one or host.endswith(f".{one}") for one in domains)


# --- what is no notice -------------------------------------------------------------------------------------------

_ASKS: Final = re.compile(
    r"\b(?:confirm|verify|activate|validate)\b.{0,60}\b(?:subscri\w+|e-?mails?|address|notifications?)\b"
    r"|\bsubscription (?:confirmation|verification)\b|\bconfirm(?:ation)? (?:required|needed)\b",
    re.IGNORECASE,
)
_CONFIRMS: Final = re.compile(r"confirm|verif|activat|validat", re.IGNORECASE)
_ASKED_WITHIN: Final = 1_000


def confirmation_of(mail: Mail, page_url: str = "") -> str | None:
    """The link that would confirm a subscription, or an empty text where the mail asks for it without one; None for any
    other mail. It is for the operator's eyes and is never followed."""
    if incident_link(mail, page_url) is not None:
        return None
    link = next((one.url for one in mail.links if _CONFIRMS.search(one.label) or _CONFIRMS.search(one.url)), "")
    if _ASKS.search(mail.subject):
        return link
    return link if link and _ASKS.search(one_line(mail.words[:_ASKED_WITHIN])) else None


def is_automatic(mail: Mail, page_url: str) -> bool:
    """Whether this is an automatic answer or a bounce and so no notice. Platforms mark their own mails as automatic too
    (RFC 3834 has `auto-generated` for them), hence the look at the sender."""
    if mail.is_report:
        return True
    return mail.auto_submitted not in ("", "no") and not is_known_sender(mail.sender, page_url)


def is_known_sender(sender: str, page_url: str) -> bool:
    """Whether an address belongs to a status-page product or to the owner of the page."""
    domain = sender.rpartition("@")[2]
    if is_below(domain, SENDERS):
        return True
    host = host_of(page_url)
    owner = host.partition(".")[2] if host.count(".") >= 2 else host
    is_owners = is_below(domain, (owner,)) or ("." in domain and is_below(host, (domain,)))
    return bool(domain and owner) and is_owners


# --- recognising -------------------------------------------------------------------------------------------------

_FIELD: Final = re.compile(rb"(?:From [^\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]")
_KNOWN: Final = re.compile(rb"^(subject|from|date|message-id|mime-version|received):", re.IGNORECASE | re.MULTILINE)
_HEAD: Final = 65_536


def recognize(sight: Sight) -> bool:
    """A block of headers, among them at least two that only mails have together."""
    body = sight.document.body
    if not _FIELD.match(body[:200]):
        return False
    head = body[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    names = {name.lower() for name in _KNOWN.findall(head)}
    return b"subject" in names and len(names) >= 2


PLATFORM = Platform(
    name=NAME,
    title="E-mail",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    coverage=Coverage(
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id in a link to the page, else a digest of the title; updates by incident, phase and text",
        absence="nothing",
        confidence=Confidence.LOW,
        checked="2026-11",
    ),
)
