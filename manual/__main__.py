"""`python -m manual`: writes anew what the code says in docs/."""

from __future__ import annotations

from manual.links import DOCS
from manual.written import pages


def main() -> None:
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
