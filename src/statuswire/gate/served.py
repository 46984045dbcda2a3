"""What a running server says of the things asked for."""

from __future__ import annotations

from collections.abc import Sequence

from statuswire.client import Client, Freshness, PageState, Refused, Status
from statuswire.client.errors import ClientError
from statuswire.errors import ConfigError
from statuswire.gate.judging import Found
from statuswire.what import split


def find(client: Client, wanted: Sequence[str]) -> list[Found]:
    """One for each. A server that cannot be asked now leaves all of them unknown.

    Raises ConfigError for a page that the server does not watch, and for a token that it does not take.
    """
    return [_found(client, what) for what in wanted]


def _found(client: Client, what: str) -> Found:
    page, component = split(what)
    if ":" in page or "." in page or "/" in page:
        raise ConfigError(f"`{page}` is no slug: a server is asked for the slugs of its pages")
    try:
        return _of(what, client.status(page, component or None))
    except Refused as error:
        if error.is_permanent:
            known = f"; there: {', '.join(error.problem.known)}" if error.problem.known else ""
            raise ConfigError(f"the server says {str(error).rstrip('.')}{known}", where=what) from error
        return _unknown(what, error)
    except ClientError as error:
        return _unknown(what, error)


def _of(what: str, state: PageState) -> Found:
    return Found(what, state.level, state.freshness, state.described(state.level), state.is_misnamed)


def _unknown(what: str, error: ClientError) -> Found:
    return Found(what, Status.UNKNOWN, Freshness.UNKNOWN, f"{what}: {error}", is_hopeless=error.is_permanent)
