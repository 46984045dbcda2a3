"""The two ways in which frameworks write a value as one flat list: the other way round than `platforms.flattened`."""

from __future__ import annotations

import json


def flatten(value: object, *, has_named_keys: bool) -> list[object]:
    """The list, with the value itself at its first place; `has_named_keys` is False for turbo-stream."""
    flat: list[object] = []
    texts: dict[str, int] = {}

    def place_of(one: object) -> int:
        if one is None:
            return -1 if has_named_keys else -5
        if isinstance(one, str) and one in texts:
            return texts[one]
        place = len(flat)
        flat.append(one)
        if isinstance(one, str):
            texts[one] = place
        elif isinstance(one, dict):
            flat[place] = {key_of(key): place_of(item) for key, item in one.items()}
        elif isinstance(one, list):
            flat[place] = [place_of(item) for item in one]
        return place

    def key_of(key: str) -> str:
        return key if has_named_keys else f"_{place_of(key)}"

    place_of(value)
    return flat


def react_router_page(value: object, head: str = "") -> str:
    """A page for people made with React Router that has the value inside."""
    stream = json.dumps(flatten(value, has_named_keys=False), ensure_ascii=False, separators=(",", ":"))
    piece = json.dumps(stream + "\n").replace("<", "\\u003c")
    script = f"window.__reactRouterContext.streamController.enqueue({piece});"
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n<script>{script}</script>\n</body></html>\n"


def nuxt_page(data: object, head: str = "") -> str:
    """A page for people made with Nuxt that has the value inside."""
    root = {"data": data, "serverRendered": True, "path": "/"}
    listed = [["ShallowReactive", 1], *(_moved(one) for one in flatten(root, has_named_keys=True))]
    inside = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    marks = 'type="application/json" data-nuxt-data="nuxt-app" data-ssr="true" id="__NUXT_DATA__"'
    script = f"<script {marks}>{inside}</script>"
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n{script}\n</body></html>\n"


def _moved(one: object) -> object:
    """With every place one further on."""
    if isinstance(one, dict):
        return {key: place + (place >= 0) for key, place in one.items()}
    return [place + (place >= 0) for place in one] if isinstance(one, list) else one
