"""Everything that is shown, as lines of a given width. A state is told three ways: word, shape, colour.

What providers write passes `said` (or `quoted`), which leaves nothing that a terminal would obey; no text is ever read
as markup. Styles are names of the theme (`look`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from textual.content import Content

from statuswire.channels import wording
from statuswire.channels.terminal import one_line
from statuswire.client.shapes import Incident, Page, PageName, Phase, Status, Update
from statuswire.model import Phase as Stage
from statuswire.top.picture import Headline, Picture, count, is_unread, word_of
from statuswire.top.stories import ACKNOWLEDGED, Story, begun, incident_key, level_of

SHAPES = {
    Status.OPERATIONAL: "○",
    Status.DEGRADED: "▲",
    Status.PARTIAL_OUTAGE: "◧",
    Status.MAJOR_OUTAGE: "■",
    Status.MAINTENANCE: "⊕",
    Status.UNKNOWN: "▨",
}
HATCH = "╱"
MUTED, STRONG, OURS, STRUCK = "$muted", "bold", "$ours", "$muted strike"
STATE_WIDTH = 18
"""Columns of shape and word, with the room after them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; a heading has no target."""

    key: str
    content: Content
    target: Story | Page | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """How times are said: from this moment, in this zone."""

    now: datetime
    zone: tzinfo

    def lasting(self, since: datetime | None) -> str:
        return "" if since is None else wording.duration(self.now - since)

    def ago(self, moment: datetime | None) -> str:
        return "" if moment is None else f"{self.lasting(moment)} ago"

    def at(self, moment: datetime) -> str:
        """With the day, unless it is today."""
        then, today = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M}"

    def day(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%A, %Y-%m-%d}"

    def hour(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M}"

    def clock(self) -> str:
        return f"{self.now.astimezone(self.zone):%H:%M:%S %Z}"


# --- pieces ----------------------------------------------------------------------------------------------------------


def said(text: str, style: str = "") -> Content:
    """Somebody's words on one line, with nothing in them that a terminal would obey."""
    return Content.assemble((one_line(text), style))


def look(status: Status) -> str:
    """The style of a state."""
    return f"$state-{status.value.replace('_', '-')}"


def state(status: Status, word: str = "") -> Content:
    """Shape and word in their column."""
    weight = "" if status in (Status.OPERATIONAL, Status.UNKNOWN) else " bold"
    text = f"{SHAPES[status]} {word or word_of(status)}"
    return Content.assemble((text, look(status) + weight)).truncate(STATE_WIDTH, pad=True)


def line(width: int, left: Content, right: Content | None = None) -> Content:
    """One line that is exactly so wide: the left part cut where it must be, the right part at the end."""
    end = right or Content("")
    room = max(width - end.cell_length - (1 if end else 0), 0)
    cut = left.truncate(room, ellipsis=True, pad=True)
    return (cut + " " + end if end else cut).truncate(width, pad=True)


def hatched(width: int, left: Content, style: str) -> Content:
    """The same, filled up with a hatch, so that it is like nothing else."""
    room = width - left.cell_length - 1
    rest = Content.assemble((f" {HATCH * room}", style)) if room > 0 else Content("")
    return line(width, left + rest)


def story_key(story: Story) -> str:
    """Of its row."""
    return f"story/{story.key}"


def page_key(page: Page) -> str:
    """Of its row."""
    return f"page/{page.slug}"


def heading(text: str, width: int, number: int | None = None) -> Row:
    shown = text if number is None else f"{text} · {number:,}"
    return Row(f"heading/{text}", line(width, Content.assemble((shown, f"{MUTED} bold"))))


def note(text: str, width: int) -> Row:
    """A sentence of ours between rows."""
    return Row(f"note/{text}", line(width, Content.assemble(("  " + text, MUTED))))


def name_of(page: PageName) -> str:
    return one_line(page.name) or one_line(page.slug)


# --- above everything ------------------------------------------------------------------------------------------------


def head(said_: Headline, times: Times, width: int, as_of: datetime | None) -> Content:
    """The answer, and what else there is to know. `as_of`: the moment it was so, where it may be so no more."""
    since = f" · for {times.lasting(said_.since)}" if said_.since else ""
    before = f"As of {times.at(as_of)}: " if as_of else ""
    words = Content.assemble(
        (f"{SHAPES[said_.level]} ", look(said_.level)),
        (f"{before}{one_line(said_.words)}", f"{look(said_.level)} bold"),
        (since, MUTED),
    )
    rest = one_line(" ".join(said_.rest))
    return lines(line(width, words, Content.assemble((times.clock(), MUTED))), line(width, said(rest, MUTED)))


def banner(text: str, width: int) -> Content:
    """What is wrong between the server and us: hatched on both sides, never to be taken for part of a page."""
    return hatched(width, Content.assemble((f"{HATCH * 3} ", look(Status.UNKNOWN)), (text, STRONG)), "$state-unknown")


# --- what is wrong, and all pages ------------------------------------------------------------------------------------


def now_rows(shown: Picture, whole: Picture, times: Times, width: int) -> Iterator[Row]:
    """Stories, maintenances that run, then every page by how it is."""
    for title, stories in (("Wrong now", shown.stories), ("Maintenance", shown.planned)):
        if stories:
            yield heading(title, width, len(stories))
            yield from (story_row(story, whole, times, width) for story in stories)
    for title, pages in _parts(shown.pages):
        yield heading(title, width, len(pages))
        yield from (page_row(page, whole, times, width) for page in pages)


def story_row(story: Story, whole: Picture, times: Times, width: int) -> Row:
    """What and since when; then the provider's last words, and what we said to it."""
    page = Content("") if story.parts else Content.assemble((name_of(story.page), STRONG), " · ")
    title = page + said(story.title, STRONG if story.parts else "")
    first = line(width, state(story.level) + title, said(times.lasting(story.since), MUTED))
    below, marks = _below(story, times) or _touched(story), _marks(story, whole)
    if not (below or marks):
        return Row(story_key(story), first, story)
    second = line(width, Content(" " * STATE_WIDTH) + below, marks)
    return Row(story_key(story), lines(first, second), story)


def page_row(page: Page, whole: Picture, times: Times, width: int) -> Row:
    return Row(page_key(page), _page(page, whole, times, width), page)


def _page(page: Page, whole: Picture, times: Times, width: int) -> Content:
    silenced = whole.silence_of(page.slug) is not None
    right = Content.assemble(("silenced", OURS)) if silenced else Content("")
    unknown = look(Status.UNKNOWN)
    if page.stale:
        left = state(Status.UNKNOWN) + _hatch_mark() + said(name_of(page), STRONG) + Content(f" {_age(page, times)}")
        return line(width, hatched(width - right.cell_length - bool(right), left, unknown), right)
    if is_unread(page):
        left = state(Status.UNKNOWN, "Not read yet") + _hatch_mark() + said(name_of(page))
        return line(width, hatched(width - right.cell_length - bool(right), left, unknown), right)
    bad = sum(number for word, number in page.components.items() if word != Status.OPERATIONAL.value)
    detail = said(f"{bad} of {count(sum(page.components.values()), 'component')}" if bad else "", MUTED)
    return line(width, state(page.state) + said(name_of(page)), right if right else detail)


def _hatch_mark() -> Content:
    return Content.assemble((f"{HATCH * 2} ", look(Status.UNKNOWN)))


def _age(page: Page, times: Times) -> str:
    before = f", then {word_of(page.last_known).lower()}" if page.last_known else ""
    return f"last read {times.ago(page.stale_since)}{before}" if page.stale_since else f"never read well{before}"


def _parts(pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """What cannot be read first, then what is not well, then what is fine."""
    by: dict[str, list[Page]] = {name: [] for name in ("Cannot be read", "Not well", "Not read yet", "Operational")}
    for page in pages:
        by[_part(page)].append(page)
    return ((name, some) for name, some in by.items() if some)


def _part(page: Page) -> str:
    if page.stale:
        return "Cannot be read"
    if is_unread(page):
        return "Not read yet"
    return "Operational" if page.state is Status.OPERATIONAL else "Not well"


def _below(story: Story, times: Times) -> Content | None:
    last = story.last
    if last is None:
        return None
    return Content.assemble(("│ ", look(story.level)), (f"{_phase(last)} {times.ago(last.at)} · ", MUTED)) + said(
        last.text, MUTED
    )


def _phase(update: Update) -> str:
    return phase_word(update.phase or Phase.UNKNOWN)


def phase_word(phase: Phase) -> str:
    return wording.PHASE_WORDS[Stage(phase.value)]


def _touched(story: Story) -> Content:
    """The pages of several; the components, unless they are the title."""
    if story.parts:
        return said(", ".join(dict.fromkeys(name_of(one.page) for one in story.parts)), MUTED)
    if story.incident is None:
        return Content("")
    return said(", ".join(one.name for one in story.components), MUTED)


def _marks(story: Story, whole: Picture) -> Content:
    mark = story.mark(ACKNOWLEDGED)
    told = [f"acknowledged{f' by {one_line(mark.author)}' if mark.author else ''}"] if mark else []
    silenced = ["silenced"] if not story.parts and whole.silence_of(story.page.slug) else []
    return Content.assemble((", ".join([*told, *silenced]), OURS))


# --- lists of incidents and components -------------------------------------------------------------------------------


def incident_row(incident: Incident, times: Times, width: int, *, with_page: bool) -> Row:
    """One incident of a history: how it ended, when it began, how long it took. `with_page`: under its day, with the
    page that it was on; else with the day."""
    level = level_of(incident)
    is_open = incident.resolved_at is None
    page = incident.page or PageName("", "", "")
    where = f"{name_of(page)} · " if with_page else ""
    left = state(level, "" if is_open else phase_word(incident.phase)) + said(f"{where}{incident.title}")
    story = Story(incident_key(page, incident), page, level, incident.title, begun(incident), incident)
    when = _span(story.since, incident.resolved_at or times.now, times, with_day=not with_page)
    return Row(story_key(story), line(width, left, said(when, MUTED)), story)


def _span(since: datetime | None, end: datetime, times: Times, *, with_day: bool) -> str:
    if since is None:
        return ""
    return f"{times.at(since) if with_day else times.hour(since)} · {wording.duration(end - since)}"


def by_day(incidents: Sequence[Incident], times: Times, width: int) -> Iterator[Row]:
    """A history under its days."""
    day = ""
    for incident in incidents:
        since = begun(incident)
        if day != (day := times.day(since) if since else "Nobody knows when"):
            yield heading(day, width)
        yield incident_row(incident, times, width, with_page=True)


def component_row(page: PageName, story: Story, times: Times, width: int) -> Row:
    """One component; `story` is about nothing else."""
    since = f"for {times.lasting(story.since)}" if story.since and story.level is not Status.OPERATIONAL else ""
    group = story.components[0].group
    left = state(story.level) + said(f"{f'{group} / ' if group else ''}{story.title}")
    acknowledged = Content.assemble((f"acknowledged {since}".strip(), OURS))
    right = acknowledged if story.mark(ACKNOWLEDGED) else said(since, MUTED)
    return Row(story_key(story), line(width, left, right), story)


def lines(*some: Content) -> Content:
    return Content("\n").join(some)
