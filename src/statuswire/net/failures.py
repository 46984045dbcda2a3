"""What aiohttp and uvloop raise, told as FetchError: the one place where their exceptions are wrapped."""

from __future__ import annotations

import ssl

import aiohttp

from statuswire.errors import FetchError, FetchReason
from statuswire.net.addresses import ForbiddenAddress

FAILURES = (aiohttp.ClientError, OSError, RuntimeError)
"""All that aiohttp and uvloop raise for a bad peer or network (TimeoutError is an OSError; uvloop raises
RuntimeError for a socket that was closed under it)."""

_REASONS: tuple[tuple[type[BaseException], FetchReason, str], ...] = (
    (aiohttp.ClientConnectorDNSError, FetchReason.DNS, "name lookup failed"),
    (aiohttp.ClientConnectorCertificateError, FetchReason.TLS, "its certificate is not accepted"),
    (aiohttp.ClientSSLError, FetchReason.TLS, "TLS failed"),
    (aiohttp.ConnectionTimeoutError, FetchReason.TIMEOUT, "no connection in time"),
    (TimeoutError, FetchReason.TIMEOUT, "no complete answer in time"),
    (aiohttp.ClientConnectorError, FetchReason.CONNECT, "no connection"),
    (aiohttp.InvalidURL, FetchReason.BAD_URL, "the URL is refused"),
    (aiohttp.ClientResponseError, FetchReason.PROTOCOL, "the answer is not valid HTTP"),
    (aiohttp.ClientPayloadError, FetchReason.RESET, "the body ended early"),
    (aiohttp.ClientConnectionError, FetchReason.RESET, "the connection was closed"),
    (ssl.SSLError, FetchReason.TLS, "TLS failed"),
    (aiohttp.ClientError, FetchReason.PROTOCOL, "the exchange failed"),
    (OSError, FetchReason.RESET, "the connection failed"),
    (RuntimeError, FetchReason.RESET, "the connection was closed"),
)


def explain(error: BaseException, host: str) -> FetchError:
    """The typed error for one of FAILURES. Its text names the host and nothing else of the URL."""
    cause: BaseException = error
    if isinstance(error, aiohttp.ClientConnectorError):
        cause = error.os_error
    if isinstance(cause, ForbiddenAddress):
        message = f"{host}: leads to {cause.address}, which is not a public address"
        return FetchError(FetchReason.FORBIDDEN_ADDRESS, message, is_permanent=True)
    reason, words = next((reason, words) for kind, reason, words in _REASONS if isinstance(error, kind))
    detail = _detail(error, cause)
    message = f"{host}: {words}: {detail}" if detail else f"{host}: {words}"
    return FetchError(reason, message, is_permanent=reason is FetchReason.BAD_URL)


def _detail(error: BaseException, cause: BaseException) -> str:
    """The system's or OpenSSL's own words; never text of the peer or a URL."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return str(getattr(error.certificate_error, "verify_message", ""))
    if isinstance(cause, ssl.SSLError):
        return str(cause.reason or "").lower().replace("_", " ")
    if isinstance(error, aiohttp.ClientConnectorError):
        return str(cause.strerror or "") if isinstance(cause, OSError) else ""
    return ""
