"""The colours, as the dashboard has them: every pair reaches AA on its ground."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    "statuswire-dark",
    primary="#7FA893",
    foreground="#DCE3E0",
    background="#101413",
    surface="#101413",
    panel="#1A201E",
    variables={
        "muted": "#93A09A",
        "ours": "#86B0FF",
        "state-operational": "#7FA893",
        "state-degraded": "#F0B23E",
        "state-partial-outage": "#FF9B57",
        "state-major-outage": "#FF6B61",
        "state-maintenance": "#86B0FF",
        "state-unknown": "#9AA3B2",
    },
)

LIGHT = Theme(
    "statuswire-light",
    primary="#4B6B58",
    foreground="#1A211E",
    background="#FFFFFF",
    surface="#FFFFFF",
    panel="#F0F3F1",
    dark=False,
    variables={
        "muted": "#5C6762",
        "ours": "#2F5FB3",
        "state-operational": "#4B6B58",
        "state-degraded": "#9E6300",
        "state-partial-outage": "#C2500A",
        "state-major-outage": "#B3261E",
        "state-maintenance": "#2F5FB3",
        "state-unknown": "#6B7280",
    },
)
