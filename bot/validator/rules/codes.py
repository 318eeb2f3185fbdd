"""Codes: every error that is raised has one, every code is used, and every message gets what it needs."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.blocks.checks.material import Problem
from bot.blocks.library import read_text
from bot.errors import Code
from bot.places import Place
from bot.validator.project import Project
from bot.validator.python import last_name, parse

CODED = "SignpostError"
_CODE = re.compile(r"[EW]\d{3}")
_NEVER = frozenset({"Exception", "BaseException", "RuntimeError", "AssertionError", "SystemExit"})
"""They say nothing of what happened, and nobody can catch them apart from others."""
_FOREIGN = frozenset({"Exit", "BadParameter", "InvalidUsage", "DisconnectionError", "ConstructorError"})
"""What a library asks for and catches itself: Typer, Sanic, SQLAlchemy's pool, PyYAML (as a MarkedYAMLError)."""


@dataclass(frozen=True)
class _Message:
    line: int
    text: str


def codes_are_used(project: Project) -> Iterator[Problem]:
    """Every code of the catalogue is reported somewhere: in Python, or in a script before there is Python."""
    used = {
        node.attr
        for path in project.python_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and last_name(node.value) == "Code"
    }
    for path in sorted(path for path in (project.root / "scripts").glob("*") if path.is_file()):
        used |= set(_CODE.findall(read_text(path)))
    for code, message in _catalogue(project).items():
        if code not in used:
            yield Problem.of(Code.E012, Place(project.errors, message.line), name=code)


def errors_have_codes(project: Project) -> Iterator[Problem]:
    """What is raised carries a code, or is caught by its own name before anybody reads it."""
    trees = {path: parse(path) for path in project.python_files()}
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    right = {CODED} | {
        name
        for node in nodes
        if isinstance(node, ast.ExceptHandler) and node.type
        for part in (node.type.elts if isinstance(node.type, ast.Tuple) else [node.type])
        if (name := last_name(part))
    }
    classes = {node.name: {last_name(base) for base in node.bases} for node in nodes if isinstance(node, ast.ClassDef)}
    for _ in classes:  # a class whose base is right is right, however long the line
        right |= {name for name, bases in classes.items() if bases & right}
    # Functions that make the error which their caller raises.
    makers = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns
        and any(isinstance(part, ast.Name) and part.id in right for part in ast.walk(node.returns))
    }
    known = right | makers | _FOREIGN
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Raise):
                continue
            name = _raised(node)
            if name and (name in _NEVER or name not in known):
                yield Problem.of(Code.E013, Place(path, node.lineno), what=name)


def messages_are_filled_in(project: Project) -> Iterator[Problem]:
    """Wherever a message is made, all its placeholders are given: a missing one would hide the error behind another."""
    catalogue = _catalogue(project)
    needs = {code: _placeholders(message.text) for code, message in catalogue.items()}
    for path in project.python_files():
        for node in ast.walk(parse(path)):
            code = _made(node)
            if code in needs and isinstance(node, ast.Call) and all(keyword.arg for keyword in node.keywords):
                missing = needs[code] - {keyword.arg for keyword in node.keywords}
                if missing:
                    names = ", ".join(sorted(missing))
                    yield Problem.of(Code.E014, Place(path, node.lineno), name=code, names=names)


def _raised(node: ast.Raise) -> str | None:
    """The class or function that a raise names; None where it raises what was caught, or a variable."""
    raised = node.exc.value if isinstance(node.exc, ast.Await) else node.exc
    if isinstance(raised, ast.Call):
        return last_name(raised.func)
    name = last_name(raised) if raised else None
    return name if name and name[0].isupper() else None


def _made(node: ast.AST) -> str | None:
    """The code of a call that fills a message in: `SignpostError(Code.E1, ...)`, `Code.E1.text(...)` and their like."""
    if not isinstance(node, ast.Call):
        return None
    maker = last_name(node.func)
    if maker == "text" and isinstance(node.func, ast.Attribute):
        return _code_of(node.func.value)
    if maker in {CODED, "Refused", "of"} and node.args:
        return _code_of(node.args[0])
    return None


def _code_of(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) and last_name(node.value) == "Code" else None


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _catalogue(project: Project) -> dict[str, _Message]:
    """The messages of the file as it stands there, which need not be the one that is running."""
    found: dict[str, _Message] = {}
    for node in ast.walk(parse(Path(project.errors))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            name = last_name(node.targets[0])
            if name and _CODE.fullmatch(name):
                found[name] = _Message(node.lineno, str(node.value.value))
    return found
