"""E-mail: one message in text and HTML, and a conversation for each story.

RFC 5322 for the message, RFC 3834 (`Auto-Submitted`), RFC 2919 (`List-Id`), RFC 5321 for the reply codes: 4yz comes
back later, 5yz never does (checked 2026-11). `Message-ID` is the delivery's own id, so a mail sent twice after a crash
is the same mail; later mails of a story answer the first one.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from statuswire.channels import phrasing
from statuswire.channels.base import Channel, ChannelSettings, Conversation, single
from statuswire.channels.email_html import page
from statuswire.channels.terminal import one_line
from statuswire.model import Delivered, Later, Mail, Message, Outcome, Refused, Reply

SUBJECT_LIMIT: Final = 200
ROOT: Final = "message_id"
"""The key of the thread's state: the Message-ID of its first mail."""

_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_WRONG_LOGIN: Final = frozenset({530, 534, 535, 538})
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


def _check_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("must be a plain address in ASCII, such as ops@example.com")
    return text


MailAddress = Annotated[str, AfterValidator(_check_address)]


class EmailSettings(ChannelSettings):
    """Mail by SMTP."""

    host: str = Field(min_length=1, max_length=253, pattern=r"^[\x21-\x7e]+$", examples=["smtp.example.com"])
    """Name of the mail server; its certificate must be good for it."""

    port: int | None = Field(default=None, ge=1, le=65_535, examples=[587])
    """TCP port; 587 with `starttls`, 465 with `tls` and 25 with `none` unless given."""

    security: Literal["starttls", "tls", "none"] = Field(default="starttls", examples=["tls"])
    """`starttls` begins plain and goes on encrypted or not at all, `tls` is encrypted from the beginning, `none` never
    is."""

    username: str = Field(default="", max_length=320, examples=["statuswire"])
    """Name of the user; empty does not log in."""

    password: SecretStr = Field(default=SecretStr(""), examples=["from password_env"])
    """Password of the user; better given as `password_env` or `password_file`."""

    sender: MailAddress = Field(examples=["status@example.com"])
    """Address that mails come from. Its domain is in every `Message-ID`: do not change it while stories are open."""

    sender_name: str = Field(default="statuswire", max_length=100, examples=["Status of our vendors"])
    """Name shown beside the address."""

    to: tuple[MailAddress, ...] = Field(min_length=1, max_length=100, examples=[["ops@example.com"]])
    """Addresses that get each mail; all see each other."""

    @model_validator(mode="after")
    def _is_complete(self) -> EmailSettings:
        if self.username and self.security == "none":
            raise ValueError("a password is not sent without TLS: use `security: starttls` or `tls`")
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("needs both `username` and `password`, or neither")
        return self


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One mail to all recipients."""
    assert isinstance(settings, EmailSettings)
    mail = Mail(
        host=settings.host,
        port=settings.port or _PORTS[settings.security],
        security=settings.security,
        sender=settings.sender,
        recipients=settings.to,
        body=compose(message, settings, now).as_bytes(),
        username=settings.username,
        password=settings.password.get_secret_value(),
        is_private_ok=settings.allow_private,
    )
    outcome = yield from single(mail, now, _read)
    if isinstance(outcome, Delivered) and message.is_first:
        return Delivered({ROOT: message_id(message, settings)})
    return outcome


def message_id(message: Message, settings: EmailSettings) -> str:
    """`<msg_...@example.com>`, the same at every attempt."""
    return f"<{message.id}@{settings.sender.rpartition('@')[2]}>"


def compose(message: Message, settings: EmailSettings, now: datetime) -> EmailMessage:
    """The whole mail. Header values are on one line each; the email package refuses line ends besides."""
    domain = settings.sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = phrasing.shortened(one_line(phrasing.headline(message)), SUBJECT_LIMIT)
    mail["From"] = Address(one_line(settings.sender_name), addr_spec=settings.sender)
    mail["To"] = ", ".join(settings.to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message, settings)
    if ROOT in message.state:
        mail["In-Reply-To"] = mail["References"] = message.state[ROOT]
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"statuswire <statuswire.{domain}>"
    mail.set_content(f"{phrasing.plain(message)}\n", cte="quoted-printable")
    mail.add_alternative(page(message), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{message.id}")
    return mail


def _read(reply: Reply, now: datetime) -> Outcome:
    """By the first digit (RFC 5321 section 4.2.1); a refused password disables the channel at the third in a row."""
    if 200 <= reply.status < 300:
        return Delivered()
    reason = f"SMTP {reply.status}: {one_line(reply.body[:300].decode('utf-8', 'replace'))}".removesuffix(": ")
    if reply.status in _WRONG_LOGIN:
        return Later(f"{reason} (check user name and password)", disables_after=3)
    return Later(reason) if reply.status < 500 else Refused(reason)


CHANNEL = Channel(
    kind="email",
    title="E-mail",
    settings=EmailSettings,
    converse=converse,
    rate_per_s=1,
    burst=10,
    threads=True,
)
