"""`python -m release.holes`: is anything known against what we install? pip-audit asks PyPI's advisory database.

Exit code 1 where something is. Where it cannot be asked that is said, in a word that cannot be missed, and is no fault:
an answer is looked for again with the next release.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from release.project import ROOT

TOOL: Final = ROOT / ".venv" / "release" / "bin" / "pip-audit"
LOCKS: Final = ("run.lock", "image.lock", "dev.lock")


def main() -> int:
    told = [_look(name) for name in LOCKS]
    for holes, sentence in told:
        print(f"holes: {sentence}", file=sys.stderr if holes else sys.stdout)
    return 1 if any(holes for holes, _ in told) else 0


def _look(name: str) -> tuple[bool, str]:
    lock = str(ROOT / "requirements" / name)
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    told = subprocess.run([str(TOOL), *options, "-r", lock], capture_output=True, text=True, check=False)
    return verdict(name, told.stdout, told.stderr)


def verdict(name: str, answer: str, errors: str) -> tuple[bool, str]:
    """Whether something is known, and the sentence. pip-audit ends with 0 also where it was told nothing of a package
    ("skipped"), as an index without advisories does, and prints no JSON where nobody answered."""
    if not answer.lstrip().startswith("{"):
        return False, f"NOT CHECKED, {name}: {errors.strip()[-200:] or 'no answer'}"
    packages = json.loads(answer)["dependencies"]
    known = [f"{one['name']} {one['version']}: {hole['id']}" for one in packages for hole in one.get("vulns", ())]
    skipped = sum("skip_reason" in one for one in packages)
    if known:
        return True, f"{name}: {', '.join(known)}"
    if skipped:
        return False, f"NOT CHECKED, {name}: nothing could be asked about {skipped} of {len(packages)} packages"
    return False, f"nothing is known against the {len(packages)} packages of {name}"


if __name__ == "__main__":
    sys.exit(main())
