"""Orders by API."""

from __future__ import annotations

from fastapi import Response

from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order
from statuswire.web import obeying
from statuswire.web.api.errors import Refused
from statuswire.web.api.replies import encode, reply
from statuswire.web.asking import Ask
from statuswire.web.problems import Mistake, Refusal


async def done(ask: Ask, *orders: Order) -> Obeyed:
    """Have it done, all or nothing. Refuses with the sentence of whatever stands against it. Raises StoreError."""
    obeyed = await obeying.obeyed(ask, *orders)
    if obeyed.faults:
        mistakes = tuple(Mistake(f"body.{one.field}".rstrip("."), one.sentence) for one in obeyed.faults)
        raise Refused(Refusal("bad_parameter", f"{obeyed.sentence}.", errors=mistakes))
    if not obeyed.done:
        raise Refused(Refusal("not_done", f"{obeyed.sentence[:1].upper()}{obeyed.sentence[1:]}."))
    return obeyed


async def order(ask: Ask, *orders: Order, status: int = 200) -> Response:
    """The same, with the answer."""
    return said(ask, await done(ask, *orders), status)


def said(ask: Ask, obeyed: Obeyed, status: int = 200) -> Response:
    """What was done."""
    body = {"done": True, "sentence": obeyed.sentence, "id": obeyed.id, "name": obeyed.name}
    return reply(ask, encode(body), status)
