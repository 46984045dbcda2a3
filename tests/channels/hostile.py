"""Texts that try to be more than text, in every medium at once: markup, mentions, links, escapes, lengths."""

from __future__ import annotations

HOSTILE = (
    "@everyone <!channel> <!here> @here <@U0123456789> <@&123456789012345678> <#C0123456789>",
    "[Click here](https://evil.example) <https://evil.example|Slack> <a href='https://evil.example'>a</a>",
    "<script>alert(1)</script><img src=x onerror=alert(1)><b>bold</b>&lt;i&gt;",
    "**bold** __under__ ~~gone~~ `code` ```block``` ||spoiler|| > quote # heading - list 1. one",
    "<t:1700000000:R> :tada: <:smile:123456789012345678> {{DATE(2026-01-01T00:00:00Z,SHORT)}} <at>Everybody</at>",
    '</blockquote></b><a href="tg://user?id=1">you</a> /stop@bot #tag $AAPL @username',
    '"}],"text":"<!channel>","x":[{"a":"',
    "line one\r\nRouting-Key: stolen\n\n\n\nline\u2028two\u2029three\x0bfour",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b[2J\x07\x00\x7f",
    "\u202egnp.exe\u202c \u2066isolated\u2069 \ufeffbom \u200bzero \ud800 lone",
    "e" + "\u0301" * 3000,
    "👩‍👩‍👧‍👦" * 2000,
    "\\" * 3000 + '"' * 3000,
    "&<>" * 4000,
    "*_`[" * 4000,
    "ä" * 70_000,
    "\n".join("line" for _ in range(5000)),
    "",
    " \t\n ",
)
