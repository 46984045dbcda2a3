"""Every command of the documentation is run, page by page, in an empty folder against a small world on loopback."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator

import pytest

from statuswire.cli import app
from tests.e2e.waiting import wait_until
from tests.manual import scenes
from tests.manual.blocks import PAGES, ROOT, Command, Printed, Step, Written, steps
from tests.manual.shell import PATIENCE_S, Beside, Shell
from tests.manual.world import DATABASE, Spoken, World

STEPS: dict[str, list[Step]] = {str(page.relative_to(ROOT)): steps(page) for page in PAGES}
COMMANDS = [(page, step) for page, listed in STEPS.items() for step in listed if isinstance(step, Command)]
RUN = [page for page, listed in STEPS.items() if any(isinstance(step, Command) for step in listed)]

GOES_ON: dict[str, str] = {
    r"statuswire run\b": "Listening on:",
    r"statuswire demo\b": "\n",
    r"statuswire watch\b": "\n",
    r"statuswire mcp --http\b": "",
    r"python -u -m aiosmtpd\b": "",
}
"""Commands that end by CTRL+C, and what they print when they are ready; where that is nothing, their port says it."""
MAIL = "aiosmtpd"
INTERRUPTED = 130
SERVER = "127.0.0.1:8000"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world")) as made:
        yield made


class Reader:
    """Somebody who does what a page says, from its beginning to its end."""

    def __init__(self, shell: Shell, spoken: Spoken) -> None:
        self._shell, self._spoken = shell, spoken
        self._seen: list[str] = []
        self._begun: list[Beside] = []

    def follow(self, step: Step) -> None:
        if isinstance(step, Written):
            (self._shell.folder / step.name).write_text(self._spoken(step.text), encoding="utf-8")
        elif isinstance(step, Command) and scenes.first_of(scenes.NOT_RUN, step.text) is None:
            self._carry_out(step)

    def serve(self) -> None:
        """The service that a page takes for granted."""
        self._begin("statuswire run --config statuswire.yaml", "Listening on:")

    def sees(self, printed: Printed) -> None:
        """All of these lines stand in what was printed so far, whatever the time."""
        lines = [MOMENT.sub("", line) for line in printed.lines if line]
        wait_until(lambda: not [line for line in lines if line not in self._all()], f"{printed.lines}", PATIENCE_S)

    def end(self) -> None:
        """CTRL+C in the terminal that has a service."""
        for one in self._begun:
            if MAIL not in one.text:
                assert one.interrupt() in (0, INTERRUPTED), f"{one.text}:\n{one.output}"

    def _all(self) -> str:
        return MOMENT.sub("", "\n".join([*self._seen, *(one.output for one in self._begun)]))

    def _carry_out(self, command: Command) -> None:
        text = self._spoken(command.text)
        ready = scenes.first_of(GOES_ON, text)
        if ready is not None:
            self._begin(text, ready)
            return
        code, output = self._shell.run(text, scenes.first_of(scenes.TYPED, command.text) or "")
        self._seen.append(output)
        self._spoken.hear(output)
        assert code == (scenes.first_of(scenes.EXIT_CODES, command.text) or 0), f"{text}\nended with {code}:\n{output}"
        if scenes.first_of(scenes.OTHERS, command.text) is None:
            assert not [line for line in command.shown if line not in output], f"{text}\nprinted:\n{output}"

    def _begin(self, text: str, ready: str) -> None:
        """In a terminal of its own for mail, else in the one that the service before has to leave."""
        if MAIL not in text:
            self.end()
        beside = self._shell.begin(text)
        self._begun.append(beside)
        if not ready:
            port = int(re.findall(r"(?:127\.0\.0\.1:|--port )(\d+)", text)[0])
            wait_until(lambda: is_open(port), f"port {port} of {text}", PATIENCE_S)
        beside.until(ready)


def is_open(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("page", RUN)
def test_the_commands_of_a_page_work_one_after_another(page: str, world: World, request: pytest.FixtureRequest) -> None:
    texts = [step.text for step in STEPS[page] if isinstance(step, Command)]
    folder, environ = world.session(page)
    has_database = any(DATABASE in text for text in texts)
    spoken = Spoken(world, folder, request.getfixturevalue("postgres_database") if has_database else None)

    with Shell(folder, {**environ, "STATUSWIRE_SERVER__PORT": spoken.port("8000")}) as shell:
        reader = Reader(shell, spoken)
        if takes_a_service_for_granted(texts):
            reader.serve()
        for step in STEPS[page]:
            reader.follow(step)
            if isinstance(step, Printed) and page in scenes.BARE:
                reader.sees(step)
        reader.end()


def takes_a_service_for_granted(texts: list[str]) -> bool:
    asks = [text for text in texts if SERVER in text or "statuswire mcp" in text or "--server" in text]
    return bool(asks) and not any(re.search(r"statuswire run\b", text) for text in texts[: texts.index(asks[0])])


# --- what is only looked at --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", RUN)
def test_every_command_of_a_page_is_good_shell(page: str) -> None:
    texts = [step.text for step in STEPS[page] if isinstance(step, Command)]
    read = subprocess.run(["bash", "-n"], input="\n".join(texts), capture_output=True, text=True, check=False)

    assert (read.returncode, read.stderr) == (0, "")


def test_files_and_targets_that_commands_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    files = [(page, name) for page, one in COMMANDS for name in re.findall(r"(?<![\w/])deploy/[\w./-]+", one.text)]
    targets = [(page, name) for page, one in COMMANDS for name in re.findall(r"^make (\w+)", one.text)]

    assert files and not [(page, name) for page, name in files if not (ROOT / name).exists()]
    assert targets and not [one for one in targets if not re.search(rf"^{one[1]}:", makefile, re.MULTILINE)]


def options_of(name: str) -> set[str]:
    command = app.app.commands[name]
    below = vars(command).get("commands", {}).values()
    return {option for one in (command, *below) for given in one.params for option in given.opts} | {"--help"}


def options_in(text: str) -> Iterator[tuple[str, str]]:
    """Each command of ours in the text, with each of its options."""
    plain = re.sub(r"#.*|'[^']*'", "", text.replace("\\\n", " "))
    for name, rest in re.findall(r"(?:^|[\s/])statuswire ([a-z][\w-]*)((?:(?! statuswire )[^|&])*)", plain):
        if name in app.app.commands:
            yield from ((name, option) for option in re.findall(r"(?<=\s)--[a-z-]+", rest))


def test_every_option_of_ours_exists() -> None:
    given = [(page, name, option) for page, one in COMMANDS for name, option in options_in(one.text)]

    assert len(given) > 80
    assert not [(page, name, option) for page, name, option in given if option not in options_of(name)]


def test_every_page_is_read() -> None:
    assert len(RUN) > 20 and len(COMMANDS) > 130
