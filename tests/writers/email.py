"""Mails, one for each update: as Statuspage's, with a link that has the incident's id in it; and as anybody's, where
the subject is all that tells one incident from another.

Marks and phrases as public mail filters key on them (checked 2026-11). The footer and the redirects that senders count
clicks with are theirs too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime

from statuswire.fingerprint import digest
from statuswire.model import Kind, Phase
from statuswire.platforms import email
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer, nothing
from .markup import window

FOOTER = "You received this email because you are subscribed.\nUnsubscribe: https://u1.ct.sendgrid.net/ls/click?upn=x"
PATHS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "maintenances"}


def linked(provider: Provider, what: What) -> bytes | None:
    """A plain part with lines of label and value, and an HTML part with the link."""
    if isinstance(what, str) or not _is_said_now(provider, what):
        return None
    mail = _mail("Acme Relay Status <noreply@statuspage.io>", f"[Acme Relay Status] {what.title}", what.updates[-1])
    mail.set_content(f"{linked_text(what, what.updates[-1])}\n\n{FOOTER}\n")
    link = f"{PAGE_URL}/{PATHS[what.kind]}/{what.id}?u=1#top"
    redirect = '<a href="https://u1.ct.sendgrid.net/ls/click?upn=y">Open</a>'
    mail.add_alternative(f'<html><body>{redirect} <a href="{link}">View</a></body></html>', subtype="html")
    return mail.as_bytes()


def linked_text(one: TrueIncident, update: TrueUpdate) -> str:
    begins, ends = window(one)
    planned = [f"Start: {begins:%d %b %Y %H:%M} UTC", f"End: {ends:%d %b %Y %H:%M} UTC"]
    lines = [f"Incident status: {_words(update.phase)}", *(planned if one.kind is Kind.MAINTENANCE else [])]
    return "\n".join((*lines, "", update.text))


def plain(provider: Provider, what: What) -> bytes | None:
    """Words alone, with the phase as a mark in the subject."""
    if isinstance(what, str) or not _is_said_now(provider, what):
        return None
    newest = what.updates[-1]
    mail = _mail("noc@acme-relay.example", f"[{_words(newest.phase)}] {_title(what)}", newest)
    mail.set_content(f"{newest.text}\n\n-- \nAcme Relay\n", charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


def plain_id(one: TrueIncident) -> str:
    """Made of the title."""
    return "mail:" + digest("mail", _title(one).casefold())[:20]


def _title(one: TrueIncident) -> str:
    return f"{one.title}: maintenance – Europe" if one.kind is Kind.MAINTENANCE else f"{one.title} – Europe"


def _words(phase: Phase) -> str:
    return phase.value.replace("_", " ").capitalize()


def _is_said_now(provider: Provider, one: TrueIncident) -> bool:
    """Nothing is mailed of what was deleted, corrected, or changed without a word."""
    return not one.is_deleted and one.updates[-1].at == provider.now


def _mail(sender: str, subject: str, update: TrueUpdate) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "hook+abc@ops.example", subject
    mail["Date"] = format_datetime(update.at)
    mail["Message-ID"] = f"<{update.token}@acme-relay.example>"
    return mail


def _shown(words: Callable[[TrueIncident, TrueUpdate], str]) -> Callable[[TrueIncident], Sequence[TrueUpdate]]:
    return lambda one: [replace(update, text=words(one, update)) for update in one.updates]


PLAIN = Writer(
    platform=email.PLATFORM,
    write=nothing,
    hook=plain,
    incident_id=plain_id,
    has_backfilling=False,
    has_edits=False,
    shows_deletions=False,
    shows_components=False,
)
LINKED = replace(PLAIN, hook=linked, incident_id=lambda one: one.id, shown=_shown(linked_text))
WRITERS = (LINKED, PLAIN)
