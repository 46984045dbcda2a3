"""What the doctor says of mail: by which ways it comes in."""

from __future__ import annotations

from collections.abc import Iterator

from statuswire.config import MailConfig
from statuswire.doctor.finding import Finding, Grade
from statuswire.mail.pages import mail_only_pages
from statuswire.store import Tx


def mail_findings(tx: Tx, config: MailConfig) -> Iterator[Finding]:
    """Raises StoreError."""
    pages = mail_only_pages(tx)
    if config.is_on:
        words = ", ".join(_ways(config))
        yield Finding("mail", Grade.OK, f"comes in by {words}; the banner of `statuswire run` shows the addresses")
    elif pages:
        names = ", ".join(page.slug for page in pages)
        advice = "set a way for mail to come in below `mail` of the configuration"
        yield Finding("mail", Grade.ACT, f"is all there is of {names}, but none can come in", advice)


def _ways(config: MailConfig) -> Iterator[str]:
    if config.smtp.port is not None:
        yield "SMTP"
    if config.lmtp.port is not None or config.lmtp.socket:
        yield "LMTP"
    if config.maildir:
        yield "Maildir"
    if config.imap.host:
        yield "IMAP"
