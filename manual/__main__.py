"""`python -m manual`: writes anew what the code says in docs/."""

from __future__ import annotations

from manual.links import DOCS
from statuswire import coverage


def main() -> None:
    (DOCS / "platforms.md").write_text(coverage.render(), encoding="utf-8")


if __name__ == "__main__":
    main()
