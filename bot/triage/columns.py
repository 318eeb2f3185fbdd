"""Column types that hold for SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):
    """A point in time: only aware datetimes go in, only UTC comes out. SQLite by itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn a value into UTC on its way in (see parent class for full docstring)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A point in time needs a time zone.")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Make a value aware on its way out (see parent class for full docstring)."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class StorableText(TypeDecorator):
    """Text in which U+FFFD stands for what a database refuses: NUL (PostgreSQL) and lone surrogates (both)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Replace what cannot be stored (see parent class for full docstring)."""
        if value is None:
            return None
        storable = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return storable.replace("\0", "\N{REPLACEMENT CHARACTER}")
