"""A statement as rows of one table, and as a body of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from statuswire.core.exempting import Judged
from statuswire.core.figures import Cell, Table
from statuswire.core.fulfilment import Account, Spent
from statuswire.core.reckoning import percent
from statuswire.durations import spell_duration
from statuswire.engine.statements import Behind, Share, Statement
from statuswire.model import Contract, KeptDocument, Term
from statuswire.wire import timestamp

_MINUTE: Final = timedelta(minutes=1)
_US: Final = timedelta(microseconds=1)
_NO_ROW: Final[Mapping[str, Cell]] = dict.fromkeys(
    ("part", "name", "since", "until", "minutes", "excluded_min", "weight", "down_min", "result", "note", "sha256")
)


# --- figures ---------------------------------------------------------------------------------------------------------


def minutes_of(value: timedelta | Fraction) -> float:
    """To the thousandth of a minute."""
    us = Fraction(value // _US) if isinstance(value, timedelta) else value
    return round(float(us / 60_000_000), 3)


def percent_of(value: Fraction | None) -> float | None:
    """In percent, rounded down to four decimals."""
    return None if value is None else float(percent(value).removesuffix(" %"))


def window_word(contract: Contract) -> str:
    return contract.window.value if isinstance(contract.window, Term) else spell_duration(contract.window)


# --- one table -------------------------------------------------------------------------------------------------------


def as_rows(one: Statement) -> Table:
    """Everything in rows of one shape; `part` says what a row is about."""
    return tuple({**_NO_ROW, **row} for row in _rows(one))


def _rows(one: Statement) -> Iterator[dict[str, Cell]]:
    contract = one.contract
    of = f"{contract.page}: {', '.join(contract.components) or 'the page as a whole'}"
    promised = f"{of}; {contract.objective} % by {window_word(contract)} in {contract.zone}"
    yield {"part": "contract", "name": contract.name, **_span(one.window.since, one.window.until), "note": promised}
    yield {"part": "made", "name": "final" if one.is_final else "so far", "since": timestamp(one.made_at)}
    for note in one.notes:
        yield {"part": "note", "note": note}
    for spent in one.account.states:
        yield _spent_row("state", spent.state.value, spent)
    for step in one.steps:
        yield {"part": "step", "name": step.name, "note": step.how, "result": step.result}
    for share in one.shares:
        bounds = f"{percent(share.account.best)} to {percent(share.account.worst)}"
        yield {
            "part": "component",
            "name": share.name,
            "result": bounds,
            "note": share.word.value if share.word else "unknown",
        }
    yield from (_incident_row(behind) for behind in one.incidents)
    yield from (_work_row(work) for work in one.works)
    for exempt in one.exempt:
        row = {"part": "excluded", "name": exempt.ground.value, "note": exempt.reason, **_span(*exempt.span)}
        yield {**row, "excluded_min": minutes_of(exempt.span[1] - exempt.span[0])}
    yield from (_document_row("opening", document) for document in one.opening)
    yield from (_document_row("document", document) for document in one.documents)


def _span(since: datetime, until: datetime) -> dict[str, Cell]:
    return {"since": timestamp(since), "until": timestamp(until), "minutes": minutes_of(until - since)}


def _spent_row(part: str, name: str, spent: Spent) -> dict[str, Cell]:
    return {
        "part": part,
        "name": name,
        "minutes": minutes_of(spent.length),
        "excluded_min": minutes_of(spent.exempt),
        "weight": round(float(spent.weight), 6),
        "down_min": minutes_of(spent.down),
    }


def _incident_row(behind: Behind) -> dict[str, Cell]:
    incident = behind.incident
    note = f"{incident.id}; {incident.impact.value}; {incident.url}"
    row = {"part": "incident", "name": incident.title, **_span(*behind.span), "result": incident.phase.value}
    return {**row, "note": note, "sha256": " ".join(behind.digests)}


def _work_row(judged: Judged) -> dict[str, Cell]:
    row: dict[str, Cell] = {"part": "maintenance", "name": judged.work.title, "result": judged.finding.name.lower()}
    ran = {} if judged.ran is None else _span(*judged.ran)
    exempt = 0.0 if judged.exempt is None else minutes_of(judged.exempt[1] - judged.exempt[0])
    return {**row, **ran, "excluded_min": exempt, "note": f"{judged.work.id}; {judged.finding.value}"}


def _document_row(part: str, document: KeptDocument) -> dict[str, Cell]:
    kept = "withheld" if document.is_withheld else f"{document.size_bytes} bytes"
    row: dict[str, Cell] = {"part": part, "name": document.why.value, "since": timestamp(document.received_at)}
    return {**row, "result": kept, "note": document.url or document.source.value, "sha256": document.digest}


# --- JSON ------------------------------------------------------------------------------------------------------------


def contract_body(contract: Contract) -> dict[str, object]:
    return {
        "name": contract.name,
        "page": contract.page,
        "components": list(contract.components),
        "objective": float(contract.objective),
        "window": window_word(contract),
        "zone": str(contract.zone),
        "weights": {level.value: float(weight) for level, weight in contract.weights.items()},
        "notice_s": None if contract.notice is None else contract.notice.total_seconds(),
        "hours": [
            {"from": f"{one.begin:%H:%M}", "to": f"{one.end:%H:%M}", "days": sorted(one.days), "reason": one.reason}
            for one in contract.hours
        ],
        "dates": [
            {"since": timestamp(one.since), "until": timestamp(one.until), "reason": one.reason}
            for one in contract.dates
        ],
        "excluded_counts_as": contract.left_out.value,
        "credits": [{"below": float(one.below), "credit": float(one.credit)} for one in contract.credits],
    }


def as_brief(one: Statement) -> dict[str, object]:
    """The contract, and what came of it."""
    least, most = one.credits
    return {
        "contract": contract_body(one.contract),
        "month": f"{one.month:%Y-%m}",
        "since": timestamp(one.window.since),
        "until": timestamp(one.window.until),
        "made_at": timestamp(one.made_at),
        "is_final": one.is_final,
        "breach": one.breach.value,
        **_result_body(one.account),
        "credit_least": float(least),
        "credit_most": float(most),
        "notes": list(one.notes),
    }


def as_body(one: Statement) -> dict[str, object]:
    """All of it."""
    return {
        **as_brief(one),
        "states": [_state_body(spent) for spent in one.account.states],
        "steps": [{"name": step.name, "how": step.how, "result": step.result} for step in one.steps],
        "components": [_share_body(share) for share in one.shares],
        "incidents": [_incident_body(behind) for behind in one.incidents],
        "maintenances": [_work_body(judged) for judged in one.works],
        "excluded": [{"by": each.ground.value, "reason": each.reason, **_times(each.span)} for each in one.exempt],
        "opening": [document_body(each) for each in one.opening],
        "documents": [document_body(each) for each in one.documents],
    }


def _result_body(one: Account) -> dict[str, object]:
    return {
        "best": percent_of(one.best),
        "seen": percent_of(one.seen),
        "worst": percent_of(one.worst),
        "unknown_min": minutes_of(one.unclear),
        "down_least_min": minutes_of(one.down_least),
        "down_most_min": minutes_of(one.down_most),
    }


def _state_body(spent: Spent) -> dict[str, object]:
    row = _spent_row("", spent.state.value, spent)
    return {"state": row["name"], **{name: row[name] for name in ("minutes", "excluded_min", "weight", "down_min")}}


def _share_body(share: Share) -> dict[str, object]:
    return {"name": share.name, "by": share.word.value if share.word else None, **_result_body(share.account)}


def _incident_body(behind: Behind) -> dict[str, object]:
    one = behind.incident
    return {
        "id": one.id,
        "title": one.title,
        "url": one.url,
        "impact": one.impact.value,
        "phase": one.phase.value,
        **_times(behind.span),
        "documents": list(behind.digests),
    }


def _work_body(judged: Judged) -> dict[str, object]:
    one = judged.work
    return {
        "id": one.id,
        "title": one.title,
        "announced_at": _maybe(judged.announced_at),
        "first_seen_at": _maybe(one.first_seen_at),
        "planned_from": _maybe(one.scheduled_for),
        "planned_until": _maybe(one.scheduled_until),
        "ran": None if judged.ran is None else _times(judged.ran),
        "excluded": None if judged.exempt is None else _times(judged.exempt),
        "finding": judged.finding.name.lower(),
    }


def _times(span: tuple[datetime, datetime]) -> dict[str, object]:
    return {"since": timestamp(span[0]), "until": timestamp(span[1]), "minutes": minutes_of(span[1] - span[0])}


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def document_body(one: KeptDocument) -> dict[str, object]:
    return {
        "sha256": one.digest,
        "bytes": one.size_bytes,
        "url": one.url,
        "source": one.source.value,
        "received_at": timestamp(one.received_at),
        "served_at": timestamp(one.served_at),
        "why": one.why.value,
        "is_withheld": one.is_withheld,
    }
