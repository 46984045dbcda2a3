"""Orders by API."""

from __future__ import annotations

from fastapi import Response

from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order
from statuswire.web.api.errors import Refused
from statuswire.web.api.replies import encode, reply
from statuswire.web.asking import Ask
from statuswire.web.obeying import obeyed
from statuswire.web.problems import Mistake, Refusal


async def order(ask: Ask, one: Order, status: int = 200) -> Response:
    """Have it done. Refuses with the sentence of whatever stands against it. Raises StoreError."""
    done = await obeyed(ask, one)
    if done.faults:
        mistakes = tuple(Mistake(f"body.{one.field}".rstrip("."), one.sentence) for one in done.faults)
        raise Refused(Refusal("bad_parameter", f"{done.sentence}.", errors=mistakes))
    if not done.done:
        raise Refused(Refusal("not_done", f"{done.sentence[:1].upper()}{done.sentence[1:]}."))
    return said(ask, done, status)


def said(ask: Ask, done: Obeyed, status: int = 200) -> Response:
    """What was done."""
    return reply(ask, encode({"done": True, "sentence": done.sentence, "id": done.id, "name": done.name}), status)
