"""One validation for every door: command line, page, job queue and library use the same typed settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound="Settings")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all settings; limits are written as ``Annotated[int, Meta(ge=1)]`` beside the field."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain builtins, fit for JSON."""
        return msgspec.to_builtins(self)

    def checked(self: T) -> T:
        """Return these settings if every limit holds, else raise :class:`SettingsError`."""
        return type(self).from_dict(self.to_dict())

    def replace(self: T, **changes: Any) -> T:
        """Return a checked copy with ``changes``."""
        return type(self).from_dict({**self.to_dict(), **changes})

    @classmethod
    def from_dict(cls: type[T], values: Mapping[str, Any]) -> T:
        """Return the settings spelled by ``values``; nothing is cast ("10" is not 10, True is not 1).

        Raises
        ------
        SettingsError
            For an unknown key, a wrong type, a value out of range or a number that is not finite.
        """
        for key, value in values.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise SettingsError(f"{key}: {value} is not a finite number.")
        try:
            return msgspec.convert(dict(values), cls, strict=True)
        except msgspec.ValidationError as error:
            raise SettingsError(_readable(str(error))) from None


_PLAIN = {
    "`int`": "a whole number",
    "`float`": "a number",
    "`str`": "text",
    "`bool`": "true or false",
    "`null`": "nothing",
    "`array`": "a list",
    " >= ": " of at least ",
    " <= ": " of at most ",
    " > ": " above ",
    " < ": " below ",
}


def _readable(message: str) -> str:
    """Turn ``Expected `int` >= 1 - at `$.epochs``` into ``epochs: expected a whole number of at least 1.``"""
    what, _, where = message.partition(" - at ")
    for technical, word in _PLAIN.items():
        what = what.replace(technical, word)
    field = where.strip("`").removeprefix("$.").removeprefix("$")
    plain = what.replace("`", "")
    return f"{field}: {plain[0].lower()}{plain[1:]}." if field else f"{plain}."
