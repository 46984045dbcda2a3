"""Our own check of DKIM signatures, and the look-up of keys in the DNS.

The dkimpy library (1.1.8, checked 2026-11) takes a DNS failure for a failed signature; the look-up here remembers it,
so that the two are told apart.
"""

from __future__ import annotations

import logging

import dkim
import dns.exception
import dns.resolver

from statuswire.mail.authentication import LookUp, Result, Verdict

log = logging.getLogger(__name__)

DNS_S = 5.0
MOST_SIGNATURES = 3
SHORTEST_KEY = 1024


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


def checked(raw: bytes, look_up: LookUp) -> Verdict:
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
