"""TLS for the client: verified, and resumed from the last session of the same host.

None of the Python HTTP clients resumes TLS sessions by itself; a full handshake costs about twice the CPU of a
resumed one. asyncio and uvloop both make their TLS objects through `SSLContext.wrap_bio`, so a context that knows
the last session of a host can hand it over there, and no private interface is touched.
"""

from __future__ import annotations

import ssl
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Self

_CAPACITY = 4_096
"""Sessions kept at most, about 5 KB each; the least recently stored goes first."""

_MAX_AGE_S = 86_400.0
"""A resumed connection does not look at the certificate again, so once a day everybody proves himself afresh."""


class ResumingContext(ssl.SSLContext):
    """A verifying client context (TLS 1.2 or newer, HTTP/1.1) that offers the last session of a host to the next
    connection. Trusts nobody yet.

    After a response has arrived over a *new* connection call `remember(host)`: TLS 1.3 tickets come after the
    handshake, with the first bytes of the peer. After a failed one call `forget(host)`.
    """

    def __new__(cls) -> Self:
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self) -> None:
        super().__init__()
        self.minimum_version = ssl.TLSVersion.TLSv1_2
        self.set_alpn_protocols(["http/1.1"])
        self._sessions: OrderedDict[str, tuple[ssl.SSLSession, float]] = OrderedDict()
        self._connecting: dict[str, ssl.SSLObject] = {}

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        host = server_hostname if isinstance(server_hostname, str) else ""
        offered = session or self._session(host)
        connection = super().wrap_bio(incoming, outgoing, server_side, server_hostname, offered)
        if host:
            self._connecting[host] = connection
        return connection

    def _session(self, host: str) -> ssl.SSLSession | None:
        found = self._sessions.get(host)
        if found is None:
            return None
        session, stored_at = found
        if time.monotonic() - stored_at > _MAX_AGE_S:
            del self._sessions[host]
            return None
        return session

    def remember(self, host: str) -> None:
        """Keep the session of the newest connection to `host`.

        Only where it was not itself resumed: the getter copies the whole session (0.3 ms), and the ticket that
        has just worked is as good as a newer one until the server refuses it.
        """
        connection = self._connecting.pop(host, None)
        if connection is None or connection.session_reused:
            return
        session = connection.session
        if session is None:
            return
        self._sessions[host] = (session, time.monotonic())
        self._sessions.move_to_end(host)
        if len(self._sessions) > _CAPACITY:
            self._sessions.popitem(last=False)

    def forget(self, host: str) -> None:
        """Drop the connection that came to nothing, and the session it may have stumbled over."""
        self._connecting.pop(host, None)
        self._sessions.pop(host, None)


def client_context(certificates: str = "") -> ResumingContext:
    """Trusts those certificates (PEM) alone; without any, whom the machine trusts.

    Then it reads files (those of `SSL_CERT_FILE` and `SSL_CERT_DIR` too): make it once.
    """
    context = ResumingContext()
    if certificates:
        context.load_verify_locations(cadata=certificates)
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


class Trusts:
    """Which context judges the servers of which page. One context serves all that trust the same; none shares its
    sessions or connections with another, for they were proved to that one alone."""

    def __init__(self, authorities: Mapping[str, str], usual: ResumingContext | None = None) -> None:
        """`authorities` are certificates (PEM) by the slug of their page; `usual` judges for all other pages."""
        self.usual = usual or client_context()
        contexts = {certificates: client_context(certificates) for certificates in authorities.values()}
        self._own = {slug: contexts[certificates] for slug, certificates in authorities.items()}

    def of(self, slug: str) -> ResumingContext:
        return self._own.get(slug, self.usual)

    def pool(self, origin: str, context: ResumingContext) -> str:
        """The name of the connections to an origin that this context has made."""
        return origin if context is self.usual else f"{origin} {id(context)}"
