"""Every exception that statuswire raises on purpose.

    StatuswireError
     ├── ConfigError        wrong input from the operator: file, line, key, and what would be right
     ├── FetchError         no usable document: DNS, TLS, time-out, status code, size, redirect
     ├── ParseError         a document that its platform cannot read
     ├── SignatureError     an inbound body whose signature is missing, wrong or expired
     ├── SignInError        what an OpenID provider answered, and cannot be believed
     ├── DeliveryError      an outbound message that a channel did not take
     └── StoreError         the database is locked, full, read-only, damaged, newer than us or away

Each carries what a caller acts on; foreign exceptions are wrapped once, where the library is called, and chained.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class StatuswireError(Exception):
    """Base of all. `reason` is a stable word for logs and metrics, the message is for people."""

    reason: str = "error"


class ConfigError(StatuswireError):
    reason = "config"

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class FetchReason(StrEnum):
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    PROTOCOL = "protocol"
    REDIRECT = "redirect"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BLOCKED = "blocked"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    STATUS = "status"
    BAD_URL = "bad_url"


class FetchError(StatuswireError):
    """No document. `is_permanent` where trying the same URL again cannot help without somebody's doing."""

    def __init__(
        self,
        reason: FetchReason,
        message: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        is_permanent: bool = False,
        location: str | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.is_permanent = is_permanent
        self.location = location


class ParseReason(StrEnum):
    EMPTY = "empty"
    HTML = "html"
    CHALLENGE = "challenge"
    NOT_JSON = "not_json"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    SHAPE = "shape"
    ERROR_BODY = "error_body"
    INACTIVE = "inactive"


class ParseError(StatuswireError):
    """A document that cannot be read as what it should be. `where` is a path or an offset inside it."""

    def __init__(self, reason: ParseReason, message: str, *, where: str = "") -> None:
        super().__init__(f"{message} ({where})" if where else message)
        self.reason = reason
        self.where = where


class SignatureError(StatuswireError):
    """`reason`: missing, malformed, expired or mismatch. Never holds the body or a secret."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class SignInError(StatuswireError):
    """The message is for the log: it names what is wrong, and never a code, a token or a secret."""

    reason = "sign_in"


class DeliveryReason(StrEnum):
    """Why there is no reply. The first nine are those of FetchReason; `internal` is a bug of ours."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    ENCODING = "encoding"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BAD_URL = "bad_url"
    CREDENTIALS = "credentials"
    FILE = "file"
    PROGRAM = "program"
    NOT_INSTALLED = "not_installed"
    REFUSED = "refused"
    INTERNAL = "internal"


class DeliveryError(StatuswireError):
    """An action that gave no reply. `is_permanent` where trying it again cannot help without an operator's doing. The
    message names a host or a path, and never a secret or a whole URL."""

    def __init__(
        self,
        reason: DeliveryReason,
        message: str,
        *,
        is_permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_permanent = is_permanent
        self.retry_after = retry_after


class StoreReason(StrEnum):
    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read_only"
    CORRUPT = "corrupt"
    NEWER_SCHEMA = "newer_schema"
    UNAVAILABLE = "unavailable"
    IO = "io"
    CLOSED = "closed"


class StoreError(StatuswireError):
    """`is_permanent` where the process cannot go on without an operator."""

    def __init__(self, reason: StoreReason, message: str, *, is_permanent: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_permanent = is_permanent


def first_of_ours(group: BaseExceptionGroup[BaseException]) -> StatuswireError | None:
    """Out of what a group of tasks came to, what the command line has words for; None where nothing is ours."""
    ours = group.subgroup(StatuswireError)
    while ours is not None:
        first = ours.exceptions[0]
        if isinstance(first, StatuswireError):
            return first
        ours = first
    return None
