"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket there, gone when the tests are done."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

START_SECONDS = 60
MISSING = (
    "PostgreSQL's server is not installed, so half of the tests of the database cannot run. "
    "Install the package postgresql (apt-get install postgresql) and test again."
)


def find_programs() -> Path:
    """Find the folder that holds initdb and postgres; Debian keeps it off the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError(MISSING)
    return found[-1].parent


def unprivileged() -> list[str]:
    """Return what to put before a command so that it runs as nobody special: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT"]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server.

    Yields:
        The URL of a database of it, up to and without the database's name: put that in place of {name}.
    """
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="signpost-pg-", dir="/tmp"))  # a socket's path must be short
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}

    def command(program: str, *options: str) -> list[str]:
        return [*unprivileged(), str(programs / program), "-D", str(data), *options]

    initdb = command("initdb", "--auth=trust", "--username=signpost", "--encoding=UTF8", "--no-sync")
    made = subprocess.run(initdb, cwd=folder, env=environment, capture_output=True, text=True)
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    log = (folder / "log").open("w+", encoding="utf-8")
    postgres = command("postgres", "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off")
    server = subprocess.Popen(postgres, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        url = f"postgresql://signpost@/{{name}}?host={folder}"
        _wait(server, url.format(name="postgres"), folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
        server.wait(START_SECONDS)
        log.close()
        shutil.rmtree(folder)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(url).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def run_sql(url: str, statement: str) -> None:
    """Run one statement outside of a transaction, as CREATE DATABASE needs it."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def end_connections(url: str) -> None:
    """End everybody else's connections to the server."""
    others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
    run_sql(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
