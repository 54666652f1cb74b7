"""requirements*.txt hold exact pins compiled from the ranges that pyproject.toml now states."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from tests.pins import FILES, ROOT, header, ranges


def pins_of(name: str) -> dict[str, list[Requirement]]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    pins: dict[str, list[Requirement]] = {}
    for line in lines:
        pins.setdefault(Requirement(line).name, []).append(Requirement(line))
    return pins


@pytest.mark.parametrize("name", FILES)
def test_the_pins_are_not_stale(name: str) -> None:
    first = (ROOT / name).read_text().splitlines()[0]
    assert first == header(FILES[name]), f"{name} is stale: run `make pins`"


@pytest.mark.parametrize("name", FILES)
def test_every_range_has_a_pin_inside_it(name: str) -> None:
    pins = pins_of(name)
    for wanted in map(Requirement, (one for one in ranges(FILES[name]) if not one.startswith("python>"))):
        for pin in pins[wanted.name]:
            (version,) = [clause.version for clause in pin.specifier]
            assert wanted.specifier.contains(version), f"{pin} is outside {wanted}"


@pytest.mark.parametrize("name", FILES)
def test_everything_is_pinned_exactly(name: str) -> None:
    for pins in pins_of(name).values():
        for pin in pins:
            assert [clause.operator for clause in pin.specifier] == ["=="], f"{pin} is not an exact pin"


def test_development_uses_what_users_use() -> None:
    development = pins_of("requirements-dev.txt")
    for name, pins in pins_of("requirements.txt").items():
        assert [str(pin) for pin in pins] == [str(pin) for pin in development[name]]
