"""Who signed a mail: DKIM (RFC 6376) checked here, or as our own mail server has found it (RFC 8601).

Only the topmost Authentication-Results header counts, and only under the name of our own server: everything below may
have come with the mail. A mail with a broken signature is as one without: lists and forwarders break them (RFC 6376
section 6.1). Our own check is in `signatures`, loaded with the first mail that needs it: its libraries take 4 MB.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import cast

from statuswire.platforms.email import is_below
from statuswire.platforms.email_message import Mail

LookUp = Callable[[str, float], bytes | None]
"""The TXT record of a name within some seconds; None where there is none. Raises TimeoutError or OSError."""

_SIGNATURES = "statuswire.mail.signatures"


class Result(StrEnum):
    """The words of RFC 8601 section 2.7.1."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the signer; `domain` is the one that signed, `by` who checked it."""

    result: Result
    domain: str = ""
    by: str = "statuswire"

    def is_aligned(self, sender: str) -> bool:
        """Whether the sender's own domain, or one above or below it, has signed."""
        author = sender.rpartition("@")[2]
        if self.result is not Result.PASS or not author or "." not in self.domain:
            return False
        return is_below(author, (self.domain,)) or is_below(self.domain, (author,))

    def __str__(self) -> str:
        return f"dkim={self.result}" + (f" d={self.domain}" if self.domain else "") + f" by={self.by}"


def check(raw: bytes, mail: Mail, authserv_id: str, look_up: LookUp) -> Verdict:
    """The verdict of our own mail server where it has left one, else our own. Slow: it may ask the DNS."""
    if authserv_id:
        told = _told_by_server(mail.authentication, authserv_id)
        if told is not None:
            return told
    return cast(Verdict, import_module(_SIGNATURES).checked(raw, look_up))


def look_up_txt(name: str, timeout_s: float) -> bytes | None:
    """The first TXT record of a name, by the resolver of this machine. Raises TimeoutError or OSError."""
    return cast(LookUp, import_module(_SIGNATURES).look_up_txt)(name, timeout_s)


_DKIM = re.compile(r"(?:^|;)\s*dkim\s*=\s*([a-z]+)([^;]*)", re.IGNORECASE)
_SIGNER = re.compile(r"\bheader\.(?:d\s*=\s*|i\s*=\s*[^@\s;]{0,100}@)([A-Za-z0-9.-]{1,253})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def _told_by_server(header: str, authserv_id: str) -> Verdict | None:
    """The best DKIM result that the header tells; None where it is not our server's or says nothing of DKIM."""
    server, _, results = _COMMENT.sub(" ", header).partition(";")
    if server.split()[:1] != [authserv_id]:
        return None
    verdicts = [_verdict(word, rest, authserv_id) for word, rest in _DKIM.findall(results)]
    return min(verdicts, key=lambda one: one.result is not Result.PASS, default=None)


def _verdict(word: str, properties: str, authserv_id: str) -> Verdict:
    known = {str(one): one for one in Result}
    signer = _SIGNER.search(properties)
    return Verdict(known.get(word.lower(), Result.FAIL), signer[1].lower() if signer else "", authserv_id)
