"""What the console prints beside events: the start-up banner, the watcher's report and its heartbeats.

Plain values in, text out; each text ends without a line end. `server` gathers the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from statuswire.channels import wording
from statuswire.channels.console import stamp
from statuswire.channels.terminal import PLAIN, Style, clip, display_width, link, one_line, paint, rule
from statuswire.model import Status


@dataclass(frozen=True, slots=True)
class BannerPage:
    """A watched page; `how` says how it is read (`polled every 60 s`, `incident.io`, `not recognised yet`)."""

    name: str
    url: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """The first thing `run` prints. `base_url` is the listening address, `hooks` the paths that take webhooks,
    `next_steps` sentences that say what to do now."""

    version: str
    mode: str
    base_url: str
    database: str
    hooks: tuple[str, ...] = ()
    pages: tuple[BannerPage, ...] = ()
    next_steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastIncident:
    """The newest incident of a page and the moment of its last update."""

    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PageBeat:
    """The state of one page: its level as far as known, the titles of what is open, the components not operational.

    `stale_since` is set while the page cannot be read: then `status` is only the last one known.
    """

    name: str
    status: Status | None
    last: LastIncident | None = None
    open_titles: tuple[str, ...] = ()
    impacted: tuple[str, ...] = ()
    stale_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class WatcherReport:
    """The watcher's start-up report on one page.

    `existing` counts the incidents found on first sight, `services` are the components, `discovered_from` names
    where they were found (`RSS`, `Atom`, `Statuspage`).
    """

    source: str
    interval: timedelta
    existing: int
    beat: PageBeat
    services: tuple[str, ...] = ()
    discovered_from: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The watcher's sign of life at `at`: one block for all pages."""

    at: datetime
    pages: tuple[PageBeat, ...]


def render_banner(banner: Banner, style: Style = PLAIN) -> str:
    line = rule(style, "=")
    lines = [line, f"statuswire {banner.version}", line]
    lines += [f"Mode: {banner.mode}", f"Listening on: {link(banner.base_url, banner.base_url, style)}"]
    lines += [f"Database: {banner.database}"]
    lines += [f"Webhook endpoint: {banner.base_url}{path}" for path in banner.hooks]
    lines += _page_lines(banner.pages, style)
    if banner.next_steps:
        lines += ["Next steps:", *(f"  - {one_line(step)}" for step in banner.next_steps)]
    return "\n".join((*lines, line))


def render_reports(reports: Sequence[WatcherReport], style: Style = PLAIN) -> str:
    """The report on each page; how to end it and that it goes on are said once."""
    last = len(reports) - 1
    parts = [
        render_report(report, style, is_first=place == 0, is_last=place == last) for place, report in enumerate(reports)
    ]
    return "\n\n".join(parts)


def render_report(report: WatcherReport, style: Style = PLAIN, *, is_first: bool = True, is_last: bool = True) -> str:
    name = one_line(report.beat.name)
    lines = [
        f"{name} status watcher",
        f"Source: {link(one_line(report.source), report.source, style)}",
        f"Refreshing every {spell(report.interval)}.",
        *(("Press CTRL+C to exit.",) if is_first else ()),
        "",
        f"Initialized watcher. Existing {report.existing} {_noun(report.existing)} marked as seen.",
        "",
        "INITIAL STATUS CHECK",
        rule(style, length=25),
        *_service_lines(name, report, style),
        "",
        _last_line(report.beat.last),
        f"Current state: {state_sentence(report.beat, style)}",
        *(("", "Live monitoring started.", rule(style, length=47)) if is_last else ()),
    ]
    return "\n".join(lines)


def render_heartbeat(beat: Heartbeat, style: Style = PLAIN) -> str:
    """One page: as the report ends. Several: the worst label, then a line for each page."""
    levels = [_level(one) for one in beat.pages]
    overall = wording.worst(levels) or Status.UNKNOWN
    head = f"[{stamp(beat.at, style)}] {paint(wording.STATUS_LABELS[overall], overall, style)}"
    if len(beat.pages) == 1:
        (only,) = beat.pages
        sentence = state_sentence(only, style)
        calm = " (no active incidents detected)." if _is_calm(only) else ""
        return "\n".join((head, _last_line(only.last), f"Current state: {sentence}{calm}"))
    rows = (f"{one_line(one.name)}: {state_sentence(one, style)}" for one in beat.pages)
    return "\n".join((head, *rows))


def state_sentence(beat: PageBeat, style: Style = PLAIN) -> str:
    """`All systems operational`, or the level with what is open and what it touches, or since when we are blind."""
    if beat.stale_since is not None:
        last = wording.STATUS_WORDS[beat.status or Status.UNKNOWN].lower()
        blind = paint("Unknown", Status.UNKNOWN, style)
        return f"{blind}, not read since {stamp(beat.stale_since, style)} (last known: {last})"
    if _is_calm(beat):
        return paint("All systems operational", Status.OPERATIONAL, style)
    level = _level(beat)
    word = paint(wording.STATUS_WORDS[level], level, style)
    causes = "; ".join(filter(None, map(one_line, beat.open_titles)))
    impacted = ", ".join(map(one_line, beat.impacted))
    return word + (f": {causes}" if causes else "") + (f" ({impacted})" if impacted else "")


def spell(span: timedelta) -> str:
    """`10 seconds`, `3 minutes`, `1.5 hours`: the largest unit that fits."""
    seconds = span.total_seconds()
    size, unit = next((pair for pair in _UNITS if seconds >= pair[0]), _UNITS[-1])
    count = f"{seconds / size:.3g}"
    return f"{count} {unit}" if count == "1" else f"{count} {unit}s"


_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def _level(beat: PageBeat) -> Status:
    """The level shown: never fine while we cannot see, or while something is open."""
    if beat.stale_since is not None or beat.status is None:
        return Status.DEGRADED if beat.open_titles and beat.stale_since is None else Status.UNKNOWN
    if beat.status is Status.OPERATIONAL and beat.open_titles:
        return Status.DEGRADED
    return beat.status


def _is_calm(beat: PageBeat) -> bool:
    return _level(beat) is Status.OPERATIONAL and not beat.impacted


def _service_lines(name: str, report: WatcherReport, style: Style) -> list[str]:
    source = f" (discovered from {report.discovered_from})" if report.discovered_from else ""
    if not report.services:
        return [f"Monitoring {name}{source}; it names no services."]
    return [f"Monitoring {name} services{source}:", *(f"- {one_line(one)}" for one in report.services)]


def _last_line(last: LastIncident | None) -> str:
    if last is None:
        return "Last incident update: none known"
    return f"Last incident update: {format_datetime(last.at.astimezone(UTC), usegmt=True)} — {one_line(last.title)}"


def _noun(count: int) -> str:
    return "incident" if count == 1 else "incidents"


def _page_lines(pages: tuple[BannerPage, ...], style: Style) -> list[str]:
    """A column of names as wide as the widest, cut where the terminal is narrow."""
    if not pages:
        return ["Pages: none; only webhooks are listened to"]
    names = [clip(one_line(page.name), 32) for page in pages]
    column = max(map(display_width, names))
    rows = []
    for name, page in zip(names, pages, strict=True):
        gap = " " * (column - display_width(name))
        rest = "  ".join(filter(None, (one_line(page.url), one_line(page.how))))
        rows.append(f"  {name}{gap}  {clip(rest, max(style.width - column - 4, 0))}")
    return [f"Pages: {len(pages)}", *rows]
