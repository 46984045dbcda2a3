"""The first page of help: what there is, from one table, printed without loading the command line itself."""

from __future__ import annotations

COMMANDS: dict[str, dict[str, str]] = {
    "Watch": {
        "run": "The whole service: hooks, polling, console, HTTP on one port",
        "watch": "The console stream of some pages; nothing kept, no server",
        "top": "Everything live in this terminal: pages, stories, threads",
        "status": "One look at pages: what is wrong now",
        "gate": "Lets a script go on only while pages or components are well",
        "signals": "Us or them: what your own monitoring said, and where to",
        "uptime": "How much of the last 90 days pages and components were up",
        "sla": "Whether contracts were kept, month by month, with the proof",
        "demo": "A scripted outage of simulated providers; needs no network",
    },
    "Find": {
        "detect": "Which platform, feeds and components an address has",
        "catalog": "Search the known services",
        "discover": "Which pages a project depends on, by its files or its traffic",
    },
    "Keep": {
        "page": "Watch pages that are not in the file: list, add, drop",
        "route": "What is told where; drop what is not in the file",
        "export": "Print pages and routes of the database as YAML",
        "import": "Put pages and routes of a file into the database",
    },
    "Read": {
        "read": "Parse one stored document and print it as JSON",
        "replay": "Stored documents through the real pipeline, events as JSON lines",
        "backtest": "What a configuration would have told, over what is stored",
        "mcp": "What a running server knows, as tools for language models",
    },
    "Tell": {
        "deliveries": "What is on its way to channels; retry, drop, enable",
        "silence": "Withhold something for a while: add, list, end",
        "ack": "Somebody cares for an incident: it escalates no more",
        "snooze": "Tell nothing more of an incident or component for a while",
        "override": "Give an incident or component an impact of your own",
        "why": "What every route made of an event",
        "send-test": "One sample event to one channel, with the reply",
    },
    "Let in": {
        "user": "Accounts: list, add, role, password, disable, remove",
        "token": "What programs show to be let in: list, add, revoke",
    },
    "Operate": {
        "check-config": "Validate a configuration file, or print its schema",
        "doctor": "Explain the health of the installation and of every feed",
        "db": "Look after the database: status, upgrade",
        "migrate": "Copy a database into another one: SQLite, PostgreSQL",
        "backup": "Keep everything in a file, also while services run",
        "restore": "Put a backup into an empty database",
        "prune": "Forget what is old; reports say the same afterwards",
    },
}

EXAMPLES = (
    "statuswire demo",
    "statuswire run",
    "statuswire watch openai github",
    "statuswire status https://status.example.com",
)

_OPTIONS = {
    "--version": "Show the version",
    "-h, --help": "Show this help, or that of a command",
    "--install-completion": "Install completion for the current shell",
    "--show-completion": "Show completion for the current shell",
}


def summary(name: str) -> str:
    """The one line about a command."""
    return next(commands[name] for commands in COMMANDS.values() if name in commands)


def render() -> str:
    """The page, without the last line end; no line is longer than 80 columns."""
    lines = ["Usage: statuswire COMMAND [OPTIONS]", ""]
    lines += ["Watches third-party status pages and tells what changed, once.", ""]
    for title, commands in COMMANDS.items():
        lines += [f"{title}:", *_rows(commands, 14), ""]
    lines += ["Options:", *_rows(_OPTIONS, 22), ""]
    lines += ["Examples:", *(f"  {example}" for example in EXAMPLES), ""]
    return "\n".join([*lines, "Help on a command: statuswire COMMAND --help"])


def _rows(rows: dict[str, str], column: int) -> list[str]:
    return [f"  {name:<{column}}{text}" for name, text in rows.items()]
