"""The pages about channels are what the channels send. Their settings are in tests/manual/test_written.py."""

from __future__ import annotations

import json
import re

import pytest

from tests.channels.messages import KINDS, message, settings, talk
from tests.test_docs import DOCS, EVENT, FENCE, reference, section


@pytest.mark.parametrize("kind", KINDS)
def test_every_limit_names_its_source_and_date(kind: str) -> None:
    _, _, limits = section(reference("channels"), kind).partition("| limit | source |\n| --- | --- |\n")
    sources = re.findall(r"\| ([^|]+) \|$", limits, re.MULTILINE)

    assert sources and all("2026-11-29" in source or source == "the same" for source in sources)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_a_how_to_is_what_arrives(kind: str) -> None:
    page = (DOCS / "how-to" / f"tell-{kind}.md").read_text(encoding="utf-8")
    body = talk(message(EVENT, opened_at=None), settings(kind), kind).body

    samples = [block for block in FENCE.finditer(page) if block["language"] == "json" or block["mark"] == "arrives"]

    assert samples
    for sample in samples:
        if sample["language"] == "json":
            assert json.loads(sample["body"]) == body
        else:
            said = json.dumps(body, ensure_ascii=False)
            facts = [part for line in sample["body"].splitlines() for part in re.split("│ | · |: ", line) if part]
            assert not [fact for fact in facts if fact not in said and fact != "Open the status page"]
