"""Targets: how soon a case of each level should be looked at, read from `data/desk/` or the charity's own folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.triage.hours import MIDNIGHT, Hours

TARGETS_FILE = "targets.yml"
HOLIDAYS_FILE = "bank-holidays.yml"

Unit = Literal["minutes", "open_minutes", "open_days"]
_MOST: dict[Unit, int] = {"minutes": 44_640, "open_minutes": 44_640, "open_days": 31}
"""No target is longer than a month: a chat is deleted after 30 days by default."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OPENING = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))")


@dataclass(frozen=True)
class Target:
    """How soon a case should be looked at.

    Attributes:
        unit: "minutes" of the clock, "open_minutes" while the desk is open, or "open_days".
        amount: How many.
    """

    unit: Unit
    amount: int


@dataclass(frozen=True)
class Targets:
    """Targets of all levels, and the hours that they are counted by.

    Attributes:
        hours: When the desk is open.
        by_level: The target of each level.
        confirmed_by: Who of the charity decided on them, and when; None while they are Signpost's defaults.
        escalation: User names of those who are told of an immediate case while the desk is closed, in order.
    """

    hours: Hours
    by_level: Mapping[Level, Target]
    confirmed_by: str | None
    escalation: tuple[str, ...]

    @property
    def are_defaults(self) -> bool:
        """Whether nobody of the charity has confirmed these values."""
        return self.confirmed_by is None

    def due(self, level: Level, since: datetime) -> datetime:
        """Return by when a case should be looked at.

        Args:
            level: Its level.
            since: When it reached the level, aware.

        Returns:
            The point in time, UTC. For one level, what came later is never due earlier.
        """
        target = self.by_level[level]
        if target.unit == "minutes":
            return since.astimezone(timezone.utc) + timedelta(minutes=target.amount)
        if target.unit == "open_minutes":
            return self.hours.after_open_minutes(since, target.amount)
        return self.hours.after_open_days(since, target.amount)

    @classmethod
    def load(cls, folder: Path) -> Targets:
        """Read targets, opening hours and bank holidays.

        Args:
            folder: Holds `targets.yml` and `bank-holidays.yml` (Settings.desk_dir).

        Returns:
            The targets.

        Raises:
            SignpostError: E610, one of the files is missing or has another form.
        """
        path = folder / TARGETS_FILE
        data = read_mapping(path)
        try:
            zone = ZoneInfo(str(data["time_zone"]))
            by_level = {Level(name): _target(value) for name, value in data["targets"].items()}
            if set(by_level) != set(Level):
                raise ValueError(f"it needs a target for each of {', '.join(level.value for level in Level)}")
            weekdays = {_weekday(name): _openings(spans) for name, spans in (data["open"] or {}).items()}
            if not any(weekdays.values()):
                raise ValueError("the desk is never open")
            confirmed_by = data["confirmed_by"]
            escalation = tuple(str(name) for name in data["escalation"])
            days, until = _holidays(folder / HOLIDAYS_FILE)
            hours = Hours(zone, weekdays, frozenset() if data["open_on_bank_holidays"] is True else days, until)
        except ZoneInfoNotFoundError:
            raise SignpostError(Code.E610, path=path, problem="this machine does not know the time zone") from None
        except KeyError as error:
            raise SignpostError(Code.E610, path=path, problem=f"{error.args[0]} is missing") from None
        except (ValueError, TypeError, AttributeError) as error:
            raise SignpostError(Code.E610, path=path, problem=str(error)) from None
        return cls(hours, by_level, None if confirmed_by is None else str(confirmed_by), escalation)


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file of the desk's settings.

    Args:
        path: The file.

    Returns:
        What it holds.

    Raises:
        SignpostError: E610, it is missing or holds something else than a mapping.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SignpostError(Code.E610, path=path, problem=type(error).__name__) from None
    if not isinstance(data, dict):
        raise SignpostError(Code.E610, path=path, problem="it is not a mapping")
    return data


def _target(value: dict[Unit, int]) -> Target:
    [(unit, amount)] = value.items()
    if unit not in _MOST or type(amount) is not int or not 1 <= amount <= _MOST[unit]:
        raise ValueError(f"a target is one of {', '.join(f'{{{name}: 1 to {most}}}' for name, most in _MOST.items())}")
    return Target(unit, amount)


def _weekday(name: str) -> int:
    if name not in _WEEKDAYS:
        raise ValueError(f"a weekday is one of {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(name)


def _openings(spans: list[str]) -> tuple[tuple[time, time], ...]:
    found: list[tuple[time, time]] = []
    for span in spans:
        match = _OPENING.fullmatch(span)
        if match is None:
            raise ValueError('an opening has the form "09:00-17:00"')
        start = time(int(match[1]), int(match[2]))
        end = MIDNIGHT if match[5] else time(int(match[3]), int(match[4]))
        if end <= start and not match[5]:
            raise ValueError("an opening must end after it starts, on the same day")
        if found and (found[-1][1] == MIDNIGHT or start < found[-1][1]):
            raise ValueError("the openings of a day must be in order and apart from each other")
        found.append((start, end))
    return tuple(found)


def _holidays(path: Path) -> tuple[frozenset[date], date]:
    data = read_mapping(path)
    days, until = data.get("days"), data.get("known_until")
    if not isinstance(days, dict) or type(until) is not date or not all(type(day) is date for day in days):
        raise SignpostError(Code.E610, path=path, problem="it needs `known_until` and `days`, as dates like 2026-12-25")
    return frozenset(days), until
