"""`WHAT:COMPONENT` as people type it: which part is the page, and which its component.

A colon after a slug or a host begins a component, unless a port follows. After an address with a path, where colons may
belong to the path, it does so with a blank behind it, which no address can have. Before the `@` of an address stands no
component but a password.
"""

from __future__ import annotations

import re

from statuswire.errors import ConfigError

_AFTER_HOST = re.compile(
    r"(?P<what>(?:https?://)?(?:[^/:\s\[\]]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?/?)"
    r":(?!//)(?!\d{1,5}(?:[/?#]|$))(?P<component>.*)",
    re.DOTALL,
)
_WITH_USER = re.compile(r"https?://[^/\s]*@")
_AFTER_PATH = re.compile(r"(?P<what>\S+):\s(?P<component>.*)", re.DOTALL)


def split(what: str) -> tuple[str, str]:
    """`("aws", "us-east-1 / EC2")` of `aws:us-east-1 / EC2`; an empty second part where no component is named.

    Raises ConfigError for a colon with nothing behind it.
    """
    text = what.strip()
    if _WITH_USER.match(text):
        return text, ""
    found = _AFTER_HOST.fullmatch(text) or _AFTER_PATH.fullmatch(text)
    if found is None:
        return text, ""
    component = found["component"].strip()
    if not component:
        raise ConfigError(f"`{text}` names no component after the colon; right: aws:EC2")
    return found["what"], component
