"""Who may do what at the desk: one table, which every service and every page asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.errors import Code, SignpostError


class Right(str, Enum):
    """Something that not everybody may do. The value completes the sentence "may not ..."."""

    WORK = "work on cases"
    REVEAL = "reveal what is hidden in a chat"
    SECOND = "agree to the closing of an immediate case"
    BROWSE = "see the whole queue"
    EXPORT = "export"
    AUDIT = "read the audit log"
    STAFF = "look after staff"


class Role(str, Enum):
    """What a person of the staff is there for."""

    VOLUNTEER = "volunteer"
    NURSE = "nurse"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def rights(self) -> frozenset[Right]:
        """What this role may do."""
        return RIGHTS[self]


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VOLUNTEER: frozenset({Right.WORK}),
    Role.NURSE: frozenset({Right.WORK, Right.REVEAL, Right.SECOND}),
    Role.SUPERVISOR: frozenset({Right.WORK, Right.REVEAL, Right.SECOND, Right.BROWSE, Right.EXPORT}),
    Role.AUDITOR: frozenset({Right.AUDIT}),  # the log, and no chats
    Role.ADMIN: frozenset({Right.STAFF}),  # people, and no chats
}


@dataclass(frozen=True)
class Person:
    """Somebody of the staff.

    Attributes:
        id: The user name. It is never given to somebody else, so that the audit log stays true.
        name: How colleagues know this person.
        role: What this person is there for.
    """

    id: str
    name: str
    role: Role

    def require(self, right: Right) -> None:
        """Make sure that this person may do something.

        Args:
            right: What.

        Raises:
            SignpostError: E620, this role may not.
        """
        if right not in self.role.rights:
            able = ", ".join(role.value for role in Role if right in role.rights)
            raise SignpostError(Code.E620, role=self.role.value, right=right.value, able=able)
