"""Who may do what."""

from __future__ import annotations

import pytest

from bot.errors import Code, SignpostError
from bot.triage.roles import RIGHTS, Person, Right, Role

CHATS = {Right.WORK, Right.REVEAL, Right.SECOND, Right.BROWSE, Right.EXPORT}


def test_every_role_stands_in_the_table() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_auditor_and_admin_see_no_chats(role: Role) -> None:
    assert not role.rights & CHATS


def test_nobody_both_works_on_cases_and_reads_the_audit_log_or_looks_after_staff() -> None:
    for role in Role:
        assert not ({Right.WORK} <= role.rights and role.rights & {Right.AUDIT, Right.STAFF})


def test_a_volunteer_can_neither_reveal_nor_agree_to_the_closing_of_an_immediate_case() -> None:
    assert Role.VOLUNTEER.rights == {Right.WORK}


def test_every_right_belongs_to_somebody() -> None:
    assert set().union(*RIGHTS.values()) == set(Right)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_what_a_role_may_not_do_is_refused_and_who_may_is_named(role: Role, right: Right) -> None:
    person = Person("ada", "Ada", role)
    if right in RIGHTS[role]:
        person.require(right)
        return
    with pytest.raises(SignpostError, match=right.value) as caught:
        person.require(right)
    assert caught.value.code is Code.E620
