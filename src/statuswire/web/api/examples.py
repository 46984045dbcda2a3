"""Examples out of a published schema: of the first of all that is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_PLAIN: Mapping[str, object] = {
    "string": "text",
    "integer": 0,
    "number": 0.0,
    "boolean": False,
    "null": None,
}


def example_of(schema: Schema, schemas: Mapping[str, Schema]) -> object:
    """What would be valid, from the examples that the schema gives and those of its parts."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for given in ("const", "default", "examples", "enum"):
        if given in schema and schema[given] not in (None, []):
            return schema[given][0] if given in ("examples", "enum") else schema[given]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)] if "items" in schema else []
    if schema.get("type") == "object":
        return _object(schema, schemas)
    return _PLAIN.get(str(schema.get("type")))


def _object(schema: Schema, schemas: Mapping[str, Schema]) -> dict[str, object]:
    """The required parts: what is left out by default need not be shown."""
    required = schema.get("required", ())
    return {name: example_of(one, schemas) for name, one in schema.get("properties", {}).items() if name in required}
