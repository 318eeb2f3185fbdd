"""How far the work on a case has got, and how it can end."""

from __future__ import annotations

from enum import Enum


class State(str, Enum):
    """How far the work on a case has got."""

    NEW = "new"
    WORKING = "working"
    WAITING = "waiting"
    CLOSING = "closing"
    CLOSED = "closed"


class Outcome(str, Enum):
    """How a case ended. None of these says anything about a person's health or risk."""

    SPOKE = "spoke"
    CALLED_BACK = "called_back"
    NO_CONTACT = "no_contact"
    SIGNPOSTED = "signposted"
    EMERGENCY_SERVICES = "emergency_services"
    SAFEGUARDING = "safeguarding"
    NO_ACTION = "no_action"
    NOT_FOR_US = "not_for_us"


class Kind(str, Enum):
    """What an entry in the history of a case tells of."""

    NOTE = "note"
    CHECKED = "checked"
    PUT_ASIDE = "put_aside"
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    CLOSED = "closed"
