"""Reports over a window: uptime, incidents, how promptly providers told, how much was told to us, maintenance, and our
own signals beside what they admitted.

Each is a frozen value with `as_rows()`, one flat row for each line of a table (`core.figures.to_csv`).
"""

from statuswire.engine.reports.base import Grounds, Report, ReportQuery, Rows
from statuswire.engine.reports.incidents import IncidentReport, PageIncidents, load_incidents
from statuswire.engine.reports.maintenance import MaintenanceReport, PlannedWork, load_maintenance
from statuswire.engine.reports.noise import NoiseReport, PageNoise, load_noise
from statuswire.engine.reports.promptness import (
    LagReport,
    PageFall,
    PageLag,
    SilenceReport,
    load_lag,
    load_silence,
)
from statuswire.engine.reports.signals import PageSignalFigures, SignalReport, load_signals
from statuswire.engine.reports.uptime import Uptime, UptimeReport, load_page_uptime, load_uptime, tally_cells

__all__ = [
    "Grounds",
    "IncidentReport",
    "LagReport",
    "MaintenanceReport",
    "NoiseReport",
    "PageFall",
    "PageIncidents",
    "PageLag",
    "PageNoise",
    "PageSignalFigures",
    "PlannedWork",
    "Report",
    "ReportQuery",
    "Rows",
    "SignalReport",
    "SilenceReport",
    "Uptime",
    "UptimeReport",
    "load_incidents",
    "load_lag",
    "load_maintenance",
    "load_noise",
    "load_page_uptime",
    "load_signals",
    "load_silence",
    "load_uptime",
    "tally_cells",
]
