"""Migrations: the tables that they make are the ones that the code means."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.errors import Code, SignpostError
from bot.settings import ROOT
from bot.triage.database import make_engine
from bot.triage.migrate import check, current, downgrade, latest, upgrade
from bot.triage.models import Base


def test_the_migrated_tables_equal_the_models(empty_url: str) -> None:
    upgrade(empty_url)
    engine = make_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        found = inspect(connection)
        for table in Base.metadata.sorted_tables:
            checks = {check["name"] for check in found.get_check_constraints(table.name)}
            assert checks == {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
            names = {constraint["name"] for constraint in found.get_foreign_keys(table.name)}
            assert names == {constraint.name for constraint in table.foreign_key_constraints}
    engine.dispose()


def test_going_back_leaves_no_table_and_forward_again_works(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    engine = make_engine(empty_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    upgrade(empty_url)
    check(empty_url)


def test_to_upgrade_twice_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert current(empty_url) == latest()


def test_two_programs_that_upgrade_at_once_do_not_disturb_each_other(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    command = [sys.executable, "-c", f"from bot.triage.migrate import upgrade; upgrade({empty_url!r})"]
    programs = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [program.wait() for program in programs] == [0, 0]
    check(empty_url)


def test_a_database_without_our_tables_is_told_with_the_way_to_mend_it(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    with pytest.raises(SignpostError, match="bot migrate") as caught:
        check(empty_url)
    assert caught.value.code is Code.E601


def test_a_database_that_cannot_be_reached_is_told_without_its_password() -> None:
    with pytest.raises(SignpostError) as caught:
        check("postgresql://nurse:hunter2@127.0.0.1:1/signpost")
    assert caught.value.code is Code.E600
    assert "hunter2" not in str(caught.value)


def test_only_the_owner_can_read_the_file_of_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "var" / "signpost.db"
    upgrade(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SignpostError) as caught:
        upgrade(f"sqlite:///{tmp_path / 'file' / 'signpost.db'}")
    assert caught.value.code is Code.E008


def test_the_database_itself_refuses_a_second_open_case(database_url: str) -> None:
    engine = make_engine(database_url)
    case = "INSERT INTO cases VALUES ('{}', 'c', 'soon', '{}', '2026-01-01', '2026-01-01', 'm', '[]')"
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("INSERT INTO conversations VALUES ('c', 'r', 't', '2026-01-01', '2026-01-01', NULL)"))
        for number, status in enumerate(["open", "closed", "closed"]):
            connection.execute(text(case.format(number, status)))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(case.format(9, "open")))
    engine.dispose()
