"""`statuswire top`: how everything is, live, in a terminal.

    client ─ asking ─ picture ─ stories ─┐
           ─ following (when to ask) ────┴─ app ─ screens ─ drawing

Whatever is shown comes through the API: of a server, or, where pages are watched alone, of the application in this very
process (`alone`, `inside`). `shapes`, `stories`, `picture`, `choice`, `thread` and `drawing` decide without asking
anybody. Textual, which is the extra `tui`, is loaded with `app` and `screens`. Sources: https://textual.textualize.io
(8.2, checked 2026-11).
"""
