"""Who signed a mail: DKIM (RFC 6376) checked here, or as our own mail server has found it (RFC 8601).

Only the topmost Authentication-Results header counts, and only under the name of our own server: everything below may
have come with the mail. A mail with a broken signature is as one without: lists and forwarders break them (RFC 6376
section 6.1). The dkimpy library (1.1.8, checked 2026-11) takes a DNS failure for a failed signature; the look-up here
remembers it, so that the two are told apart.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import dkim
import dns.exception
import dns.resolver

from statuswire.platforms.email import is_below
from statuswire.platforms.email_message import Mail

log = logging.getLogger(__name__)

LookUp = Callable[[str, float], bytes | None]
"""The TXT record of a name within some seconds; None where there is none. Raises TimeoutError or OSError."""

DNS_S = 5.0
MOST_SIGNATURES = 3
SHORTEST_KEY = 1024


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
    return _checked(raw, look_up)


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


# --- our own check -----------------------------------------------------------------------------------------------


class _Remembering:
    """Look-ups for the library, with whether one of them failed."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self.has_failed = False

    def __call__(self, name: bytes | str, timeout: float = DNS_S) -> bytes | None:
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        try:
            return self._look_up(text, timeout)
        except (TimeoutError, OSError) as error:
            log.info("dns look-up failed name=%s %s", text, error)
            self.has_failed = True
            return None


def _checked(raw: bytes, look_up: LookUp) -> Verdict:
    """The first signature that holds, else what became of the first."""
    try:
        message = dkim.DKIM(raw, minkey=SHORTEST_KEY, timeout=DNS_S)
        count = sum(1 for name, _ in message.headers if name.lower() == b"dkim-signature")
    except dkim.DKIMException:
        return Verdict(Result.PERMERROR)
    verdicts = []
    for place in range(min(count, MOST_SIGNATURES)):
        verdicts.append(_signature(raw, place, look_up))
        if verdicts[-1].result is Result.PASS:
            return verdicts[-1]
    return verdicts[0] if verdicts else Verdict(Result.NONE)


def _signature(raw: bytes, place: int, look_up: LookUp) -> Verdict:
    asked = _Remembering(look_up)
    message = dkim.DKIM(raw, minkey=SHORTEST_KEY, timeout=DNS_S)
    try:
        holds = message.verify(idx=place, dnsfunc=asked)
    except dkim.ValidationError:  # the body is not the one that was signed, or the signature is no good one
        return Verdict(Result.FAIL)
    except (dkim.DKIMException, ValueError, LookupError, TypeError):  # which malformed tags bring out of the library
        return Verdict(Result.TEMPERROR if asked.has_failed else Result.PERMERROR)
    domain = (message.domain or b"").decode("ascii", "replace").lower()
    if holds:
        return Verdict(Result.PASS, domain)
    return Verdict(Result.TEMPERROR if asked.has_failed else Result.FAIL, domain)


def look_up_txt(name: str, timeout_s: float) -> bytes | None:
    """The first TXT record of a name, by the resolver of this machine. Raises TimeoutError or OSError."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=timeout_s, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return None
    except dns.exception.Timeout as error:
        raise TimeoutError(f"no answer within {timeout_s:g} s") from error
    except dns.exception.DNSException as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    return next((b"".join(one.strings) for one in answer), None) if answer.rrset is not None else None
