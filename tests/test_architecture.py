"""Who may import whom, read from the sources: the table in docs/architecture.md, kept true."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from statuswire import model

ROOT = Path(__file__).resolve().parents[1] / "src" / "statuswire"
SOURCES = sorted(ROOT.rglob("*.py"))

LEAVES = {
    "described", "durations", "errors", "extras", "fingerprint", "metrics", "model", "signing", "what", "wire",
}  # fmt: skip
MAY_IMPORT = {
    "errors": set(),
    "model": {"errors"},
    "metrics": {"errors"},
    "signing": {"errors", "model"},
    "fingerprint": {"errors", "model"},
    "wire": {"errors", "model"},
    "described": set(),
    "durations": set(),
    "extras": {"errors"},
    "what": {"errors"},
    "core": (LEAVES - {"metrics"}) | {"core"},
    "platforms": (LEAVES - {"metrics"}) | {"platforms"},
    "channels": (LEAVES - {"metrics"}) | {"channels"},
    "signals": (LEAVES - {"metrics"}) | {"platforms", "signals"},
    "net": (LEAVES - {"metrics"}) | {"net"},
    "client": {"errors", "signing", "client"},
    "store": (LEAVES - {"metrics"}) | {"store"},
    "catalog": LEAVES | {"catalog"},
    "options": set(),
    "config": LEAVES | {"platforms", "channels", "catalog", "options", "config"},
    "engine": LEAVES | {"core", "platforms", "channels", "net", "store", "catalog", "config", "engine"},
    "access": LEAVES | {"core", "net", "store", "config", "engine", "access"},
    "peers": LEAVES | {"core", "config", "engine", "peers"},
    "web": LEAVES
    | {"core", "platforms", "channels", "signals", "net", "store", "catalog", "config", "engine", "access", "web"},
}
"""Packages and modules that are not named stand at the top and may import everything below."""

PURE = {"channels", "core", "model", "platforms", "signals"} | (LEAVES - {"extras", "metrics", "signing"})
IMPURE_MODULES = {
    "socket",
    "ssl",
    "time",
    "random",
    "secrets",
    "uuid",
    "logging",
    "asyncio",
    "threading",
    "subprocess",
    "sqlite3",
    "os",
    "pathlib",
    "aiohttp",
    "urllib.request",
    "http.client",
}


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


ASKED = (ast.Import, ast.ImportFrom, ast.Attribute, ast.Call, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Those of the file that are asked about, wherever in it: to walk through a file is dear."""
    return tuple(node for node in ast.walk(tree_of(path)) if isinstance(node, ASKED))


def attributes_of(path: Path, names: Collection[str]) -> Iterator[ast.Attribute]:
    """Those that are spelt as one of these dotted names."""
    last = {name.rpartition(".")[2] for name in names}
    some = (node for node in nodes_of(path) if isinstance(node, ast.Attribute) and node.attr in last)
    return (node for node in some if ast.unparse(node) in names)


@cache
def imported(path: Path) -> set[str]:
    """Dotted names of every module that the file imports, wherever in it."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "statuswire" else set()
    return names


def our_layers(path: Path) -> set[str]:
    found = {name.split(".")[1] for name in imported(path) if name.startswith("statuswire.")}
    return found - {"__version__"}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def breaches(
    find: Callable[[Path], Collection[object]], among: Iterable[Path] = SOURCES
) -> dict[str, Collection[object]]:
    """What is found in each file that has any."""
    found = {label(path): find(path) for path in among}
    return {name: some for name, some in found.items() if some}


def pure() -> list[Path]:
    return [path for path in SOURCES if layer_of(path) in PURE]


def test_a_file_imports_only_what_its_layer_may() -> None:
    bound = [path for path in SOURCES if layer_of(path) in MAY_IMPORT]

    assert breaches(lambda path: our_layers(path) - MAY_IMPORT[layer_of(path)] - {layer_of(path)}, bound) == {}


def test_every_package_and_module_has_its_place_in_the_table_of_packages() -> None:
    page = (ROOT.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|([^|]+)\|", page.partition("## The packages")[2].partition("\n## ")[0], re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row)}

    assert {layer_of(path) for path in SOURCES} - {"__init__", "__main__"} == named


def test_the_pure_packages_touch_no_socket_clock_dice_log_or_file() -> None:
    assert breaches(lambda path: imported(path) & IMPURE_MODULES, pure()) == {}


def test_the_pure_packages_never_ask_for_the_time() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}

    def asked(path: Path) -> list[str]:
        called = {id(node.func) for node in nodes_of(path) if isinstance(node, ast.Call)}
        return [ast.unparse(use) for use in attributes_of(path, clocks) if id(use) in called]

    assert breaches(asked, pure()) == {}


READS_THE_ENVIRONMENT = ("config/", "client/settings.py")
"""The second belongs to a library, which lives in programs of others and has no configuration of ours."""


def test_only_the_configuration_reads_the_environment() -> None:
    def read(path: Path) -> list[str]:
        return [ast.unparse(use) for use in attributes_of(path, {"os.environ", "os.getenv"})]

    assert breaches(read, [path for path in SOURCES if not label(path).startswith(READS_THE_ENVIRONMENT)]) == {}


def test_no_function_level_import_dodges_a_cycle() -> None:
    """The command line alone imports late, so that `--help` is quick."""

    def nested(path: Path) -> list[str]:
        if not any(isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset for node in nodes_of(path)):
            return []  # what stands at the margin stands in no function
        return [
            ast.unparse(node)
            for scope in nodes_of(path)
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(scope)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]

    assert breaches(nested, [path for path in SOURCES if layer_of(path) not in {"cli", "commands"}]) == {}


def test_the_nouns_are_imported_from_the_model_and_not_from_where_they_stand() -> None:
    def bypassed(path: Path) -> list[str]:
        return [name for name in imported(path) if name.startswith("statuswire.model.")]

    assert breaches(bypassed, [path for path in SOURCES if layer_of(path) != "model"]) == {}


def test_the_model_offers_every_noun_and_nothing_else() -> None:
    nodes = [node for path in (ROOT / "model").glob("*.py") for node in tree_of(path).body]
    classes = [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    unions = [
        ast.unparse(node.target)
        for node in nodes
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
    ]

    assert sorted(model.__all__) == sorted(classes + unions)


def test_there_are_no_import_cycles_between_modules() -> None:
    graph = {module_name(path): {name for name in imported(path) if name.startswith("statuswire")} for path in SOURCES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module in done or module not in graph:
            return
        for other in sorted(graph[module] - {module}):
            if not module.startswith(other + "."):
                visit(other, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
