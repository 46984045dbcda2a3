"""Finding one's way in the tree of a web page, in one walk and in linear time however it is nested."""

from __future__ import annotations

from collections.abc import Iterator, Set

from lxml import etree

from statuswire.platforms.reading import one_line, text


def by_class(root: etree._Element, names: Set[str]) -> Iterator[tuple[str, etree._Element]]:
    """The outermost elements below `root` that have one of these classes, with that class, in document order."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        classes = element.get("class")
        if classes is None or element is root:
            continue
        found = names & set(classes.split())
        if found:
            walker.skip_subtree()
            yield min(found), element


def has_class(element: etree._Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


def line_of(element: etree._Element) -> str:
    """The text of an element on one line."""
    return one_line(text("".join(str(part) for part in element.itertext())))


def strings(root: etree._Element, path: str) -> list[str]:
    """The attributes or texts at an XPath."""
    found = root.xpath(path)
    return [text(str(one)).strip() for one in found] if isinstance(found, list) else []
