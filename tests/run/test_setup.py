"""scripts/setup, run for real on a small project whose lock names one tiny package, without a network."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.errors import Code
from bot.settings import ROOT

TOOLS = ("bash", "env", "cat", "cut", "cp", "cmp", "df", "dirname", "flock", "awk", "grep", "ls", "mkdir", "rm", "tail")
PYTHON = Path(sys.executable).resolve()
UV = Path(sys.prefix) / "bin" / "uv"
VERSION = (ROOT / ".python-version").read_text().strip()


class Project:
    """A clone of the parts that set-up needs, and the programs that it finds on PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.bin = folder / "bin"
        self.wheels = folder / "wheels"
        for path in (self.root / "scripts", self.root / "requirements", self.bin, self.wheels):
            path.mkdir(parents=True)
        for name in ("scripts/setup", ".python-version"):
            shutil.copy(ROOT / name, self.root / name)
        for name in ("bot", "actions"):
            (self.root / name).mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.put(f"python{VERSION}", f'exec "{PYTHON}" "$@"')
        (self.bin / "uv").symlink_to(UV)  # much faster than pip, which only some tests need
        (folder / "uv.toml").write_text(f'no-index = true\nfind-links = ["{self.wheels}"]\n')
        self.lock("1.0")

    def put(self, program: str, script: str) -> None:
        """Put a program on PATH."""
        path = self.bin / program
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def lock(self, version: str) -> None:
        """Write locks that name this version of the tiny package."""
        digest = hashlib.sha256(wheel(self.wheels, version).read_bytes()).hexdigest()
        for kind in ("runtime", "dev"):
            (self.root / "requirements" / f"{kind}.txt").write_text(f"tiny=={version} --hash=sha256:{digest}\n")

    def set_up(self, kind: str = "runtime") -> subprocess.CompletedProcess[str]:
        """Run set-up."""
        env = {
            "PATH": str(self.bin),
            "HOME": str(self.root.parent),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "UV_CONFIG_FILE": str(self.root.parent / "uv.toml"),
            "UV_OFFLINE": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_CACHE_DIR": str(self.root.parent / "uv-cache"),
        }
        command = [str(self.root / "scripts" / "setup"), kind]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)

    def refusal(self) -> str:
        """Run set-up, which must fail with one line."""
        done = self.set_up()
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        return done.stderr.strip()

    def installed(self) -> str:
        """The version of the tiny package that is installed."""
        code = "import importlib.metadata as m, tiny; print(m.version('tiny'))"
        python = self.root / ".venv" / "bin" / "python"
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def wheel(folder: Path, version: str) -> Path:
    """Build a package that does nothing."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    information = f"tiny-{version}.dist-info"
    files = {
        "tiny.py": "",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")
            record += f"{name},sha256={digest},{len(content)}\n"
        archive.writestr(f"{information}/RECORD", f"{record}{information}/RECORD,,\n")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def without_uv(project: Project) -> Project:
    (project.bin / "uv").unlink()
    return project


def test_the_packages_are_installed_once_and_again_when_the_lock_changed(project: Project) -> None:
    assert project.set_up().returncode == 0
    assert project.installed() == "1.0"
    second = project.set_up()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    project.lock("2.0")
    assert "Setting up Signpost" in project.set_up().stdout
    assert project.installed() == "2.0"


def test_a_half_made_environment_is_made_anew(project: Project) -> None:
    (project.root / ".venv" / "bin").mkdir(parents=True)
    (project.root / ".venv" / "bin" / "python").write_text("cut short")
    assert project.set_up().returncode == 0
    assert project.installed() == "1.0"


def test_an_environment_whose_python_is_gone_is_made_anew(project: Project) -> None:
    project.set_up()
    (project.root / ".venv" / "bin" / "python").unlink()
    assert project.set_up().returncode == 0
    assert project.installed() == "1.0"


def test_tools_for_checking_include_what_serves(project: Project) -> None:
    project.set_up("dev")
    assert project.set_up("runtime").stdout == ""


def test_where_uv_fails_pip_does_it(project: Project) -> None:
    project.put("uv", "exit 2")
    assert project.set_up().returncode == 0
    assert project.installed() == "1.0"


def test_without_uv_python_comes_from_pyenv_and_packages_by_pip(without_uv: Project) -> None:
    versions = without_uv.root.parent / "pyenv" / "versions"
    (without_uv.bin / f"python{VERSION}").unlink()
    place = versions / f"{VERSION}.99" / "bin"
    place.mkdir(parents=True)
    (place / "python").write_text(f'#!/bin/sh\nexec "{PYTHON}" "$@"\n')
    (place / "python").chmod(0o755)
    without_uv.put("pyenv", f"echo {versions.parent}")
    assert without_uv.set_up().returncode == 0
    assert without_uv.installed() == "1.0"


def test_without_a_python_it_says_how_to_get_one(without_uv: Project) -> None:
    (without_uv.bin / f"python{VERSION}").unlink()
    without_uv.put("python3", "exit 1")  # another version
    assert without_uv.refusal() == Code.E009.text(version=VERSION)


def test_a_package_with_another_hash_is_refused(project: Project) -> None:
    lock = project.root / "requirements" / "runtime.txt"
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    line = project.refusal()
    assert line.startswith("[E010] The Python environment could not be set up: ")
    assert line.endswith("The whole output is in var/logs/setup.log. Mend what it names, then run make again.")
    assert not (project.root / ".venv" / "runtime.txt").exists()


def test_a_full_disk_is_noticed_before_anything_is_done(project: Project) -> None:
    project.put("df", "echo Filesystem; echo '/dev/vda 100 100 20480 80% /'")
    assert project.refusal() == Code.E003.text(free_mb=20, path=project.root, needed_mb=5000, setting="the clone")
    assert not (project.root / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_named(project: Project) -> None:
    (project.root / "var").touch()
    problem = "it is read-only or belongs to somebody else"
    assert project.refusal() == Code.E008.text(path="var/logs/setup.log", problem=problem)
