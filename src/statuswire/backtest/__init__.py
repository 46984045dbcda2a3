"""`statuswire backtest`: what a configuration would have told, by the real planner over what was stored.

Nothing is sent and nothing is changed: the log is read and everything else happens in memory. `running` runs one set of
rules along a `course` of steps that `logged` or a series gives, `counting` looks at what came of it, and `report` says
it; `command` is what the command line calls.
"""
