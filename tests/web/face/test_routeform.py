"""What the form of a route says of its settings."""

from __future__ import annotations

from statuswire.web.face.routeform import hints


def test_a_hint_is_made_of_whole_sentences_and_leaves_to_the_field_what_is_usual() -> None:
    said = hints()

    assert said["gather"].endswith("at once is one message. Programs are told\neach event by itself.")
    assert said["mode"] == "All updates, or the first-and-last message of each story."
    assert not any("unless given" in " ".join(sentence.split()) for sentence in said.values())
