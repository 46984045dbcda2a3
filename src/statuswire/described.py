"""What the fields of a model say of themselves: the string below each is the text that is published of it.

Pydantic reads them too (`use_attribute_docstrings`), but reads the source of every class as soon as it is made: a
quarter of the time in which the settings are loaded (2.14, measured 2026-11). Here they are read when somebody asks.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A model whose JSON Schema holds what its fields say of themselves."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = handler(core_schema)
        properties = handler.resolve_ref_schema(written).get("properties", {})
        for name, words in descriptions(cls).items():
            if words:
                properties[cls.model_fields[name].alias or name].setdefault("description", words)
        return written


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """By field, those of the bases too; empty for a field that says nothing, or whose source is not at hand."""
    said: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, BaseModel) and one is not BaseModel:
            said.update(_own(one))
    return {name: field.description or said.get(name, "") for name, field in model.model_fields.items()}


def _own(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    try:
        written = ast.parse(dedent(inspect.getsource(model)))
    except OSError:
        return
    (statement,) = written.body
    assert isinstance(statement, ast.ClassDef)
    for field, below in pairwise(statement.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, inspect.cleandoc(words)
