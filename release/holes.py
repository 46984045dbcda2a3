"""`python -m release.holes`: is anything known against what we install? pip-audit asks PyPI's advisory database.

Exit code 1 where something is. Where it cannot be asked that is said, in a word that cannot be missed, and is no fault:
an answer is looked for again with the next release.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from release.project import ROOT

TOOL: Final = ROOT / ".venv" / "release" / "bin" / "pip-audit"
LOCKS: Final = ("run.lock", "image.lock", "dev.lock")
_NO_ANSWER: Final = ("ConnectionError", "Max retries", "ServiceError", "timed out", "HTTPError", "Failed to")


def main() -> int:
    codes = [_look(name) for name in LOCKS]
    return max(codes)


def _look(name: str) -> int:
    lock = str(ROOT / "requirements" / name)
    command = [str(TOOL), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--requirement", lock]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode == 0:
        print(f"holes: nothing is known against {name}")
        return 0
    if any(word in told.stderr for word in _NO_ANSWER):
        print(f"holes: NOT CHECKED, the advisories for {name} cannot be asked for: {told.stderr.strip()[-200:]}")
        return 0
    print(told.stdout or told.stderr, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
