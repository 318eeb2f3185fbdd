"""Which part may import which: what serves visitors and staff stands without Rasa, and apart from each other."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

FORBIDDEN = {
    "safety": {"rasa", "rasa_sdk"},
    "blocks": {"rasa", "rasa_sdk"},
    "triage": {"rasa", "rasa_sdk"},
    "privacy": {"rasa", "rasa_sdk"},
    "run": {"rasa", "rasa_sdk"},
    "gateway": {"rasa", "rasa_sdk", "bot.desk"},
    "desk": {"rasa", "rasa_sdk", "bot.gateway"},
}
PARTS = [part for part in FORBIDDEN if (ROOT / "bot" / part).is_dir()]

LOAD = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(".__main__") and ".migrations." not in module.name:
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


def covers(forbidden: set[str], module: str) -> bool:
    """Whether a module is a forbidden one or lies below one."""
    return any(module == name or module.startswith(f"{name}.") for name in forbidden)


def named_imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions, where it would show only when they run."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_loads_nothing_that_it_may_not(part: str) -> None:
    command = [sys.executable, "-c", LOAD, f"bot.{part}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not [module for module in json.loads(done.stdout) if covers(FORBIDDEN[part], module)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_names_nothing_that_it_may_not(part: str) -> None:
    for path in (ROOT / "bot" / part).rglob("*.py"):
        assert not [module for module in named_imports(path) if covers(FORBIDDEN[part], module)], path


def test_the_command_line_starts_without_loading_what_only_a_command_needs() -> None:
    code = "import json, sys, bot.cli; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"rasa", "spacy", "sqlalchemy", "starlette", "numpy", "onnxruntime"}
    assert not [module for module in json.loads(done.stdout) if covers(heavy, module)]
