"""Signing in: all three right or nothing, guessing is slow, and every session ends."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.errors import Code, SignpostError
from bot.triage import audit, passwords, throttle
from bot.triage.service import Triage
from bot.triage.sessions import SEEN_EVERY, Sessions, SignedIn
from bot.triage.staff import Credentials, Staff
from tests.triage.databases import NOON
from tests.triage.people import HOME, add, code

pytestmark = pytest.mark.usefixtures("quick_passwords")
MINUTE = timedelta(minutes=1)
IDLE, LONGEST = 30 * MINUTE, timedelta(hours=12)


class Desk:
    """Staff and sessions on one database, with Ada on the staff."""

    def __init__(self, triage: Triage) -> None:
        self.staff = Staff(triage.database)
        self.sessions = Sessions(triage.database, idle=IDLE, longest=LONGEST)
        self.ada, self.made = add(self.staff, "ada")

    def sign_in(self, now: datetime = NOON, *, made: Credentials | None = None, source: str = HOME) -> SignedIn:
        made = made or self.made
        return self.sessions.sign_in("ada", made.password, code(made, now), source=source, now=now)

    def fail(self, now: datetime = NOON, username: str = "ada", source: str = HOME) -> Code:
        with pytest.raises(SignpostError) as caught:
            self.sessions.sign_in(username, "wrong", "000000", source=source, now=now)
        return caught.value.code

    def actions(self) -> list[str]:
        return [line.action for line in reversed(audit.lines(self.staff.database, limit=99))]


@pytest.fixture
def desk(triage: Triage) -> Desk:
    """A desk on each database."""
    return Desk(triage)


def test_who_signs_in_is_known_by_the_token(desk: Desk) -> None:
    signed_in = desk.sign_in()
    seat = desk.sessions.find(signed_in.token, NOON + MINUTE)
    assert seat is not None
    assert (seat.person, seat.must_change_password) == (desk.ada, True)
    assert seat.ends_at == NOON + MINUTE + IDLE
    assert signed_in.token not in repr(signed_in)


@pytest.mark.parametrize("wrong", ["username", "password", "code"])
def test_one_wrong_part_is_enough_to_be_refused_with_the_same_words(desk: Desk, wrong: str) -> None:
    typed = {"username": "ada", "password": desk.made.password, "code": code(desk.made, NOON)} | {wrong: "wrong"}
    with pytest.raises(SignpostError) as caught:
        desk.sessions.sign_in(**typed, source=HOME, now=NOON)
    assert caught.value.code is Code.E626


@pytest.mark.parametrize("odd", ["", "\0", "\ud83d", "' OR 1=1 --", "x" * 10_000, "🙂"])
def test_no_odd_text_breaks_a_sign_in_or_a_session(desk: Desk, odd: str) -> None:
    with pytest.raises(SignpostError) as caught:
        desk.sessions.sign_in(odd, odd, odd, source=odd, now=NOON)
    assert caught.value.code is Code.E626
    with pytest.raises(SignpostError) as caught:
        desk.sessions.sign_in("ada", desk.made.password, odd, source=odd, now=NOON)
    assert caught.value.code is Code.E626
    assert desk.sessions.find(odd, NOON) is None
    desk.sessions.sign_out(odd, NOON)


def test_capitals_and_spaces_around_the_user_name_do_not_matter(desk: Desk) -> None:
    made = desk.made
    assert desk.sessions.sign_in(" Ada ", made.password, code(made, NOON), source=HOME, now=NOON).person == desk.ada


def test_a_code_of_the_app_is_good_once(desk: Desk) -> None:
    desk.sign_in()
    with pytest.raises(SignpostError) as caught:
        desk.sign_in()
    assert caught.value.code is Code.E626
    desk.sign_in(NOON + MINUTE)


def test_a_recovery_code_is_good_once_and_only_for_its_owner(desk: Desk) -> None:
    _, others = add(desk.staff, "bea")
    made = desk.made

    def use(recovery_code: str) -> None:
        desk.sessions.sign_in("ada", made.password, recovery_code, source=HOME, now=NOON)

    use(made.recovery_codes[0].lower())
    for used in (made.recovery_codes[0], others.recovery_codes[0]):
        with pytest.raises(SignpostError):
            use(used)
    use(made.recovery_codes[1])
    assert {member.person.id: member.recovery_codes_left for member in desk.staff.list()} == {"ada": 8, "bea": 10}
    assert desk.actions().count("recovery_code_used") == 2


def test_the_same_code_at_once_begins_one_session(desk: Desk) -> None:
    barrier = threading.Barrier(4)

    def attempt(_: int) -> bool:
        barrier.wait()
        try:
            desk.sign_in()
        except SignpostError as error:
            assert error.code in (Code.E626, Code.E627)
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_after_five_failures_the_right_password_has_to_wait_too(desk: Desk) -> None:
    assert [desk.fail() for _ in range(6)] == [Code.E626] * 5 + [Code.E627]
    with pytest.raises(SignpostError) as caught:
        desk.sign_in()
    assert caught.value.code is Code.E627
    desk.sign_in(NOON + throttle.FIRST_WAIT + timedelta(seconds=1))


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(desk: Desk) -> None:
    now, waits = NOON, []
    while len(waits) < 10:
        with pytest.raises(SignpostError) as caught:
            desk.sessions.sign_in("ada", "wrong", "", source=HOME, now=now)
        if caught.value.code is Code.E627:
            waits.append(caught.value.values["seconds"] - 1)
            now += timedelta(seconds=waits[-1])
    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == throttle.LONGEST_WAIT.total_seconds()


def test_after_a_success_earlier_failures_do_not_count(desk: Desk) -> None:
    for _ in range(4):
        desk.fail()
    desk.sign_in()
    assert [desk.fail(NOON + MINUTE) for _ in range(5)] == [Code.E626] * 5


def test_failures_are_forgotten_after_two_hours(desk: Desk) -> None:
    for _ in range(5):
        desk.fail()
    later = NOON + throttle.FORGOTTEN_AFTER + MINUTE
    assert [desk.fail(later) for _ in range(5)] == [Code.E626] * 5


def test_who_guesses_from_elsewhere_does_not_keep_a_nurse_out(desk: Desk) -> None:
    for number in range(8):
        desk.fail(source=f"198.51.100.{number % 2}")
    assert desk.sign_in().person == desk.ada


def test_one_address_cannot_try_many_names_without_waiting(desk: Desk) -> None:
    codes = [desk.fail(username=f"name{number}") for number in range(throttle.FREE["source"] + 1)]
    assert codes[-2:] == [Code.E626, Code.E627]


def test_names_that_do_not_exist_are_throttled_as_others_are(desk: Desk) -> None:
    assert [desk.fail(username="nobody.here") for _ in range(6)] == [Code.E626] * 5 + [Code.E627]


def test_many_guesses_at_once_are_no_more_than_five(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: desk.fail(), range(12)))
    assert codes.count(Code.E626) == 5


def test_somebody_who_does_not_exist_costs_as_much_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    monkeypatch.setattr(passwords, "is_right", lambda typed, kept: bool(checked.append(kept)))
    desk.fail(username="nobody.here")
    desk.fail()
    assert [kept is None for kept in checked] == [True, False]


def test_a_session_ends_after_half_an_hour_without_use(desk: Desk) -> None:
    token = desk.sign_in().token
    assert desk.sessions.find(token, NOON + 29 * MINUTE) is not None
    assert desk.sessions.find(token, NOON + 58 * MINUTE) is not None
    assert desk.sessions.find(token, NOON + 88 * MINUTE) is None


def test_a_session_ends_after_twelve_hours_however_busy_it_is(desk: Desk) -> None:
    token, now = desk.sign_in().token, NOON
    while now + 20 * MINUTE < NOON + LONGEST:
        now += 20 * MINUTE
        seat = desk.sessions.find(token, now)
        assert seat is not None
        assert seat.ends_at <= NOON + LONGEST
    assert desk.sessions.find(token, NOON + LONGEST) is None


def test_use_within_seconds_is_not_written_down_each_time(desk: Desk) -> None:
    token = desk.sign_in().token
    desk.sessions.find(token, NOON + SEEN_EVERY / 2)
    assert desk.sessions.find(token, NOON + IDLE) is None


def test_who_signs_out_is_out_and_others_are_not(desk: Desk) -> None:
    first, second = desk.sign_in().token, desk.sign_in(NOON + MINUTE).token
    desk.sessions.sign_out(first, NOON + MINUTE)
    assert desk.sessions.find(first, NOON + MINUTE) is None
    assert desk.sessions.find(second, NOON + MINUTE) is not None


@pytest.mark.parametrize("change", ["disable", "renew", "change_password"])
def test_a_change_of_credentials_ends_every_session_at_once(desk: Desk, change: str) -> None:
    token = desk.sign_in().token
    if change == "change_password":
        desk.staff.change_password(desk.ada, old=desk.made.password, new="four words in a row", now=NOON)
    else:
        getattr(desk.staff, change)("ada", now=NOON)
    assert desk.sessions.find(token, NOON + MINUTE) is None


def test_who_is_disabled_cannot_sign_in(desk: Desk) -> None:
    desk.staff.disable("ada", now=NOON)
    with pytest.raises(SignpostError) as caught:
        desk.sign_in()
    assert caught.value.code is Code.E626


def test_every_sign_in_refusal_and_sign_out_is_in_the_audit_log(desk: Desk) -> None:
    desk.fail()
    desk.fail(username="my secret password")
    desk.sessions.sign_out(desk.sign_in().token, NOON)
    assert desk.actions() == ["staff_added", "sign_in_refused", "sign_in_refused", "sign_in", "sign_out"]
    assert "secret" not in repr(audit.lines(desk.staff.database, limit=9))
