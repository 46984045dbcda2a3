"""*History*: incidents of the last weeks, the latest begun first."""

from __future__ import annotations

from datetime import timedelta

from textual.content import Content

from statuswire.client.shapes import Incident
from statuswire.top import asking
from statuswire.top.drawing import MUTED, STRONG, by_day, line, lines, note, said
from statuswire.top.picture import count
from statuswire.top.screens.looking import Listing, Reading

REACH = timedelta(days=30)


class History(Listing, Reading):
    HINTS = "enter open  esc back  g n now  ? keys"

    def __init__(self) -> None:
        super().__init__()
        self._incidents: tuple[Incident, ...] | None = None

    async def read(self) -> None:
        self._incidents = await self.top.client.carry(asking.history(self.top.clock.now() - REACH))

    def head(self) -> Content:
        some = self._incidents
        many = "" if some is None else f"{count(len(some), 'incident')} in {REACH.days} days"
        cut = ", the newest ones" if some is not None and len(some) == int(asking.NEWEST) else ""
        return lines(
            line(self.width, said("History", STRONG), said(self.times.clock(), MUTED)),
            line(self.width, said(self.trouble or f"{many}{cut}", MUTED)),
        )

    def draw_body(self) -> None:
        room = self.rows.room
        if self._incidents:
            self.show_rows(by_day(self._incidents, self.times, room))
        else:
            self.show_rows([note(self.waiting() if self._incidents is None else "Nothing happened.", room)])
