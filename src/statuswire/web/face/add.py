"""Adding a page: an address or a search of the catalog, what was found there, and what would have been told of it.

The same finds a page anew that can no longer be read where it was: what else is said of it stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qs

from statuswire import catalog
from statuswire.catalog import Provider
from statuswire.config.own import Fault
from statuswire.engine.owning import DropPage, PutPage
from statuswire.errors import ConfigError, StatuswireError
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back, said, sentence
from statuswire.web.face.frame import Context, show
from statuswire.web.obeying import obeyed
from statuswire.web.pages import read_store

LOOK_S: Final = 60.0
FOUND: Final = 12
MOST_COMPONENTS: Final = 1_000
_ON_THE_FORM: Final = frozenset({"slug", "name", "tags", "components"})
_PLACE: Final = frozenset({"url", "feed", "platform"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked and ticked. `what` is an address or a slug; `components` are empty where all matter. `anew` is the
    slug of a watched page that is looked for."""

    what: str = ""
    slug: str = ""
    name: str = ""
    tags: str = ""
    components: tuple[str, ...] = ()
    anew: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Mapping[str, list[str]]) -> Wanted:
        given = {name: values[-1].strip() for name, values in lists.items()}
        every = given.get("matter", "all") == "all"
        ticked = () if every else tuple(lists.get("component", ())[:MOST_COMPONENTS])
        words = ("what", "slug", "name", "tags", "anew")
        what, slug, name, tags, anew = (given.get(word, "")[:2000] for word in words)
        return cls(what, slug, name, tags, ticked, anew)

    def saying(self, body: Mapping[str, Any]) -> Wanted:
        """With what is said of the page already."""
        tags, parts = body.get("tags", ()), body.get("components", ())
        return replace(self, name=body.get("name", ""), tags=", ".join(tags), components=tuple(parts))

    @property
    def body(self) -> dict[str, object]:
        """What the file would hold of the page."""
        known = catalog.find(self.what)
        place: dict[str, object] = {} if known is not None else {"url": self.what}
        slug = self.slug or (known.slug if known is not None else "")
        tags = [tag for word in self.tags.split(",") if (tag := word.strip())]
        said = {"slug": slug, "name": self.name, "components": list(self.components), "tags": tags}
        return place | {key: value for key, value in said.items() if value}

    @property
    def is_listed(self) -> bool:
        """Whether the catalog has it, so that it can be watched even where it cannot be read at present."""
        return catalog.find(self.what) is not None

    def fault(self, name: str) -> str:
        return self.faults.get(name, "")


async def search(ask: Ask) -> Answer:
    """The form, with what the catalog knows by the words of `q`."""
    q = parse_qs(ask.query.decode("utf-8", "replace"), max_num_fields=20).get("q", [""])[-1].strip()[:200]
    found = catalog.search(q, FOUND) if q else ()
    return await _page(ask, Wanted(), q=q, found=tuple(found))


async def post(ask: Ask) -> Answer:
    """Look at the page, look back with what was ticked, or save it, as the button says."""
    lists = await ask.form_lists()
    wanted, do = Wanted.of(lists), lists.get("do", ["look"])[-1]
    if not wanted.what:
        return await _page(ask, replace(wanted, faults={"what": "Paste the address of a status page."}), status=400)
    if do == "save":
        return await _saved(ask, wanted)
    if do == "find":
        wanted = wanted.saying(await _said_of(ask, wanted.anew))
    try:
        async with asyncio.timeout(LOOK_S):
            seen = await ask.parts.tools.preview(wanted.what, wanted.components)
    except TimeoutError:
        return await _page(ask, replace(wanted, faults={"what": f"It took more than {LOOK_S:g} seconds."}), status=400)
    except StatuswireError as error:
        return await _page(ask, replace(wanted, faults={"what": _sentence(error)}), status=400)
    return await _page(ask, wanted, seen=seen)


def _sentence(error: StatuswireError) -> str:
    text = str(error).partition("\n")[0]
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', ')')) else '.'}"


async def _said_of(ask: Ask, slug: str) -> Mapping[str, Any]:
    """What the database holds of a page that was added here; nothing of any other."""
    own = await read_store(ask.parts, queries.own_pages)
    return next((one.body for one in own if one.name == slug), {})


async def _order(ask: Ask, wanted: Wanted) -> PutPage:
    if not wanted.anew:
        return PutPage(wanted.body, is_new=True)
    said = await _said_of(ask, wanted.anew)
    kept = {key: value for key, value in said.items() if key not in _ON_THE_FORM | _PLACE}
    return PutPage(kept | wanted.body | {"slug": wanted.anew}, wanted.anew)


async def _saved(ask: Ask, wanted: Wanted) -> Answer:
    answer = await obeyed(ask, await _order(ask, wanted))
    if answer.done:
        return gone_back("/add", "page-saved", [("added", answer.name)])
    faults = {one.field.partition("[")[0]: _ending(one) for one in answer.faults} or {
        "slug" if answer.name else "what": sentence(answer)
    }
    shown = replace(wanted, faults={_FIELDS.get(name, "what"): text for name, text in faults.items()})
    try:
        async with asyncio.timeout(LOOK_S):
            seen = await ask.parts.tools.preview(wanted.what, wanted.components)
    except (ConfigError, StatuswireError, TimeoutError):
        seen = {}
    return await _page(ask, shown, seen=seen, status=400)


def _ending(one: Fault) -> str:
    return f"{one.sentence[:1].upper()}{one.sentence[1:]}."


_FIELDS: Final = {"slug": "slug", "name": "name", "tags": "tags", "components": "components", "url": "what"}


async def drop(ask: Ask) -> Answer:
    """Watch a page no more that was added here."""
    answer = await obeyed(ask, DropPage(ask.params["slug"]))
    return gone_back("/add", "page-dropped" if answer.done else "gone")


async def _page(
    ask: Ask,
    wanted: Wanted,
    *,
    q: str = "",
    found: tuple[Provider, ...] = (),
    seen: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Answer:
    added = parse_qs(ask.query.decode("utf-8", "replace"), max_num_fields=20).get("added", [""])[-1]

    def load(tx: Tx) -> Context:
        own = queries.own_pages(tx)
        return {
            "wanted": wanted,
            "q": q,
            "found": found,
            "seen": seen or None,
            "own": own,
            "is_of_file": bool(wanted.anew) and wanted.anew not in {one.name for one in own},
            "watched": {page.slug: page.name for page in queries.pages(tx)},
            "added": next((one.name for one in own if one.name == added), ""),
            "said": said(ask) if not added else "",
        }

    title = "Find the page anew" if wanted.anew else "Add a page"
    answer = await show(ask, "add.html", load, title=title, current="add")
    return replace(answer, status=status)
