"""Python files as the rules read them."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.blocks.library import read_text
from bot.errors import Code, SignpostError


def parse(path: Path) -> ast.Module:
    """Parse a Python file.

    Args:
        path: The file.

    Returns:
        Its syntax tree.

    Raises:
        SignpostError: E100, it is not Python.
    """
    try:
        return ast.parse(read_text(path))
    except SyntaxError as error:
        raise SignpostError(Code.E100, path=path, problem=f"line {error.lineno}: {error.msg}") from None


def last_name(node: ast.expr) -> str | None:
    """Return the last part of a dotted name: "Code" of `errors.Code`.

    Args:
        node: Any expression.

    Returns:
        The name; None where the expression is no name.
    """
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
