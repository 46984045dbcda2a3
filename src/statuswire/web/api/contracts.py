"""Contracts, their statements, and the documents that prove them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from statuswire.core.figures import to_csv
from statuswire.core.periods import last_month, read_month
from statuswire.engine.evidence import read_document
from statuswire.engine.statement_forms import as_body, as_brief, as_rows
from statuswire.engine.statements import load_statement
from statuswire.model import Contract
from statuswire.store import Tx
from statuswire.web.api import shapes
from statuswire.web.api.asked import Nothing
from statuswire.web.api.errors import unknown_item, wrong
from statuswire.web.api.replies import Asking, part, read, reply
from statuswire.web.api.reports import AS_CSV, CSV
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store

router = APIRouter(tags=["contracts"])

OCTETS: Final = "application/octet-stream"
AS_OCTETS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}}
}


class StatementAsked(Nothing):
    month: str | None = Field(default=None, max_length=7, examples=["2026-10"])
    """Year and month; the last one that is over when it is left out."""

    format: Literal["json", "csv"] = "json"
    """As what the answer comes."""


@router.get("/contracts", response_model=shapes.Contracts, summary="Contracts with their last month")
async def list_contracts(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    """Every contract of the configuration, and whether it was kept in the last month that is over."""
    now, promises = ask.parts.clock.now(), ask.parts.config().promises

    def load(tx: Tx) -> object:
        found = [load_statement(tx, one, last_month(one, now), now) for one in promises.values()]
        return part((as_brief(one) for one in found), None)

    return await read(ask, load)


@router.get(
    "/contracts/{name}/statement",
    response_model=shapes.ContractStatement,
    responses=AS_CSV,
    summary="How a contract was kept in a month",
)
async def contract_statement(
    ask: Asking,
    name: Annotated[str, Path(max_length=80, description="The name of a contract.", examples=["payments-api"])],
    asked: Annotated[StatementAsked, Query()],
) -> Response:
    """Minutes by state, the reckoning step by step, incidents, what does not count, and the documents that are kept."""
    contract = _contract(ask, name)
    now = ask.parts.clock.now()
    try:
        month = last_month(contract, now) if asked.month is None else read_month(asked.month)
    except ValueError as error:
        raise wrong("query.month", str(error)) from error
    load = partial(load_statement, contract=contract, month=month, now=now)
    if asked.format == "json":
        return await read(ask, lambda tx: as_body(load(tx)))
    rows = await read_store(ask.parts, lambda tx: as_rows(load(tx)))
    headers = {"Content-Disposition": f'attachment; filename="statuswire-sla-{month:%Y-%m}.csv"'}
    return reply(ask, to_csv(rows).encode("utf-8", "replace"), media_type=CSV, more=headers)


def _contract(ask: Ask, name: str) -> Contract:
    found = ask.parts.config().promises.get(name)
    if found is None:
        raise unknown_item(f"contract {name[:100]!r}")
    return found


@router.get("/documents/{sha256}", response_class=Response, responses=AS_OCTETS, summary="A document that is kept")
async def one_document(
    ask: Asking,
    sha256: Annotated[
        str,
        Path(pattern=r"^[0-9a-f]{64}$", description="The digest of its bytes, as statements name it."),
    ],
    asked: Annotated[Nothing, Query()],
) -> Response:
    """Byte by byte as it was received. One that held a secret is not there: its digest alone is kept."""
    body = await read_store(ask.parts, partial(read_document, digest=sha256))
    if not body:
        raise unknown_item(f"document {sha256}" if body is None else f"document {sha256}: its digest alone is kept")
    headers = {"Content-Disposition": f'attachment; filename="{sha256}"'}
    return reply(ask, body, media_type=OCTETS, more=headers)
