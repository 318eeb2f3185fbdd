"""All settings, read once from environment variables, each with a default that works on one machine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import Code, SignpostError

ROOT = Path(__file__).resolve().parent.parent

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_USUAL_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True)
class Settings:
    """What can be set from outside. Every field names its environment variable.

    Attributes:
        host: SIGNPOST_HOST. Address that every server binds to. Only the gateway may ever be given another one.
        gateway_port: SIGNPOST_GATEWAY_PORT. Public chat API and page.
        rasa_port: SIGNPOST_RASA_PORT. Dialogue engine, loopback only.
        actions_port: SIGNPOST_ACTIONS_PORT. Action server, loopback only.
        var_dir: SIGNPOST_VAR_DIR. Folder of databases and logs.
        database_url: DATABASE_URL. Conversations, turns and cases; SQLite by default, or PostgreSQL.
        tracker_db: SIGNPOST_TRACKER_DB. SQLite file of Rasa's own conversation state.
        model_dir: SIGNPOST_MODEL_DIR. Folder of the trained model.
        channel_secret: SIGNPOST_CHANNEL_SECRET. Shared by gateway and dialogue engine; `bot run` makes one up.
        deadline_seconds: SIGNPOST_DEADLINE_SECONDS. How long the dialogue engine may take for one message.
        max_chars: SIGNPOST_MAX_CHARS. Longest message taken, in characters.
        max_body_bytes: SIGNPOST_MAX_BODY_BYTES. Largest request body taken, in bytes.
        session_idle_hours: SIGNPOST_SESSION_IDLE_HOURS. A chat ends after so long without a message.
            20 hours is the least that WCAG 2.2 (2.2.1) allows without a warning.
        session_max_hours: SIGNPOST_SESSION_MAX_HOURS. A chat ends after so long in any case.
        retention_days: SIGNPOST_RETENTION_DAYS. A chat is deleted so long after its last message. Visitors are told how
            long: whoever sets another number has the blocks house.privacy and page.notice_kept changed with it.
        desk_dir: SIGNPOST_DESK_DIR. Folder of the desk's targets, opening hours and bank holidays; defaults.
        staff_idle_minutes: SIGNPOST_STAFF_IDLE_MINUTES. A session at the desk ends after so long without use.
        staff_max_hours: SIGNPOST_STAFF_MAX_HOURS. A session at the desk ends after so long in any case: a long shift.
        lease_minutes: SIGNPOST_LEASE_MINUTES. So long after its person's last sign of life, a case is free again.
        leave_url: SIGNPOST_LEAVE_URL. The page that "Leave now" opens: an everyday one that tells nothing of a visitor.
        allowed_sites: SIGNPOST_ALLOWED_SITES. Origins of the websites that may show the chat, with spaces between them,
            such as "https://charity.example". The gateway's own pages always may.
    """

    host: str
    gateway_port: int
    rasa_port: int
    actions_port: int
    var_dir: Path
    database_url: str
    tracker_db: Path
    model_dir: Path
    channel_secret: str
    deadline_seconds: float
    max_chars: int
    max_body_bytes: int
    session_idle_hours: int
    session_max_hours: int
    retention_days: int
    desk_dir: Path
    staff_idle_minutes: int
    staff_max_hours: int
    lease_minutes: int
    leave_url: str
    allowed_sites: tuple[str, ...]

    @property
    def approved_dir(self) -> Path:
        """Folder of the approved text."""
        return ROOT / "data" / "approved"

    @property
    def safety_dir(self) -> Path:
        """Folder of the safety patterns."""
        return ROOT / "data" / "safety"

    @property
    def domain_file(self) -> Path:
        """Rasa's domain: intents, replies by block ids, actions."""
        return ROOT / "domain.yml"

    @property
    def model_file(self) -> Path:
        """The trained model."""
        return self.model_dir / "signpost.tar.gz"

    @property
    def rasa_url(self) -> str:
        """Address of the dialogue engine."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def gateway_url(self) -> str:
        """Address of the gateway as this machine sees it."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Args:
            environ: Where to look variables up.

        Returns:
            The settings.

        Raises:
            SignpostError: E001, a variable is not of the right kind.
        """
        var_dir = Path(environ.get("SIGNPOST_VAR_DIR", ROOT / "var")).resolve()
        return cls(
            host=environ.get("SIGNPOST_HOST", "127.0.0.1"),
            gateway_port=_port(environ, "SIGNPOST_GATEWAY_PORT", 8080),
            rasa_port=_port(environ, "SIGNPOST_RASA_PORT", 5005),
            actions_port=_port(environ, "SIGNPOST_ACTIONS_PORT", 5055),
            var_dir=var_dir,
            database_url=environ.get("DATABASE_URL", f"sqlite:///{var_dir / 'signpost.db'}"),
            tracker_db=Path(environ.get("SIGNPOST_TRACKER_DB", var_dir / "rasa.db")).resolve(),
            model_dir=Path(environ.get("SIGNPOST_MODEL_DIR", ROOT / "models")).resolve(),
            channel_secret=environ.get("SIGNPOST_CHANNEL_SECRET", ""),
            deadline_seconds=_number(environ, "SIGNPOST_DEADLINE_SECONDS", 3.0, least=0.05),
            max_chars=int(_number(environ, "SIGNPOST_MAX_CHARS", 2_000, least=1)),
            max_body_bytes=int(_number(environ, "SIGNPOST_MAX_BODY_BYTES", 32_768, least=1_024)),
            session_idle_hours=int(_number(environ, "SIGNPOST_SESSION_IDLE_HOURS", 24, least=20)),
            session_max_hours=int(_number(environ, "SIGNPOST_SESSION_MAX_HOURS", 168, least=20)),
            retention_days=int(_number(environ, "SIGNPOST_RETENTION_DAYS", 30, least=1, most=365)),
            desk_dir=Path(environ.get("SIGNPOST_DESK_DIR", ROOT / "data" / "desk")).resolve(),
            staff_idle_minutes=int(_number(environ, "SIGNPOST_STAFF_IDLE_MINUTES", 30, least=5, most=480)),
            staff_max_hours=int(_number(environ, "SIGNPOST_STAFF_MAX_HOURS", 12, least=1, most=24)),
            lease_minutes=int(_number(environ, "SIGNPOST_LEASE_MINUTES", 10, least=1, most=60)),
            leave_url=_leave_url(environ),
            allowed_sites=_sites(environ, "SIGNPOST_ALLOWED_SITES"),
        )


def _number(environ: Mapping[str, str], name: str, default: float, *, least: float, most: float | None = None) -> float:
    raw = environ.get(name)
    if raw is None:
        return default
    expected = f"{least:g} or more" if most is None else f"a number from {least:g} to {most:g}"
    try:
        value = float(raw)
    except ValueError:
        raise SignpostError(Code.E001, name=name, problem="it is not a number", expected=expected) from None
    if not least <= value < float("inf") or (most is not None and value > most):
        raise SignpostError(Code.E001, name=name, problem="it is out of range", expected=expected)
    return value


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    value = _number(environ, name, default, least=1)
    if value != int(value) or value > 65_535:
        raise SignpostError(Code.E001, name=name, problem="it is not a port", expected="a whole number from 1 to 65535")
    return int(value)


def _sites(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read origins as browsers write them: they are compared with what a browser sends, letter by letter."""
    expected = 'origins like "https://charity.example" with spaces between them; http only for this machine'
    sites = []
    for raw in environ.get(name, "").lower().replace(",", " ").split():
        site = _ORIGIN.fullmatch(raw)
        if site is None:
            raise SignpostError(Code.E001, name=name, problem="one of them is not an origin", expected=expected)
        scheme, host, port = site.groups()
        if scheme == "http" and host not in _LOOPBACK:
            raise SignpostError(Code.E001, name=name, problem="one of them is not https", expected=expected)
        if port is not None and not 0 < int(port) <= 65_535:
            raise SignpostError(Code.E001, name=name, problem="one of them has no valid port", expected=expected)
        sites.append(f"{scheme}://{host}" + (f":{port}" if port and port != _USUAL_PORTS[scheme] else ""))
    return tuple(dict.fromkeys(sites))


def _leave_url(environ: Mapping[str, str]) -> str:
    """Read the address that "Leave now" opens; a browser goes there, so it must be nothing but a web page."""
    name, expected = (
        "SIGNPOST_LEAVE_URL",
        'the address of an everyday web page, such as "https://www.bbc.co.uk/weather"',
    )
    url = environ.get(name, "https://www.bbc.co.uk/weather")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise SignpostError(Code.E001, name=name, problem="it is not the address of a web page", expected=expected)
    return url
