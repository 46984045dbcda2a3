"""What the fields of a model say of themselves is what stands below them, and is published with the model."""

from __future__ import annotations

from pydantic import Field, create_model

from statuswire.described import Described, descriptions


class Plain(Described):
    """A model."""

    first: int = 1
    """The first
    of them."""
    silent: int = 2
    told: int = Field(default=3, description="As it is told.")
    """As it stands."""


class Further(Plain):
    second: int = Field(default=4, alias="2nd")
    """The second."""
    "What stands alone belongs to nobody."
    silent: int = 5
    """Silent no more."""


def test_a_field_says_what_stands_below_it_in_the_last_class_that_has_it() -> None:
    assert descriptions(Plain) == {"first": "The first\nof them.", "silent": "", "told": "As it is told."}
    assert descriptions(Further) == {
        "first": "The first\nof them.",
        "silent": "Silent no more.",
        "told": "As it is told.",
        "second": "The second.",
    }


def test_what_is_said_is_published_under_the_names_that_are_written() -> None:
    properties = Further.model_json_schema()["properties"]

    assert {name: one.get("description") for name, one in properties.items()} == {
        "first": "The first\nof them.",
        "silent": "Silent no more.",
        "told": "As it is told.",
        "2nd": "The second.",
    }


def test_a_model_without_a_source_says_nothing_of_its_own() -> None:
    made = create_model("Made", __base__=Plain, third=(int, 1))

    assert descriptions(made)["third"] == ""
    assert descriptions(made)["first"] == "The first\nof them."
