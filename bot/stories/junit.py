"""JUnit XML, as continuous-integration tools read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from xml.etree import ElementTree

from bot.places import Place
from bot.stories.checks import State
from bot.stories.console import did, told
from bot.stories.playing import Played, Result

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even written as numbers."""


def junit(results: Sequence[Result], *, at: datetime | None = None) -> str:
    """Write results as JUnit XML: a suite for each file, a case for each story.

    Args:
        results: The stories as they were played.
        at: When; now by default.

    Returns:
        The document.
    """
    files: dict[str, list[Result]] = {}
    for result in results:
        files.setdefault(str(Place(result.story.path)).rpartition(":")[0], []).append(result)
    stamp = (at or datetime.now(timezone.utc)).replace(tzinfo=None).isoformat(timespec="seconds")
    root = ElementTree.Element("testsuites", {"name": "stories", **_counts(results)})
    for file, of_file in files.items():
        suite = ElementTree.SubElement(
            root, "testsuite", {"name": _clean(file), "timestamp": stamp, **_counts(of_file)}
        )
        for result in of_file:
            _case(suite, file, result)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, file: str, result: Result) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_clean(result.story.name),
        classname=_clean(re.sub(r"\.ya?ml$", "", file).strip("/").replace("/", ".")),
        file=_clean(file),
        line=str(result.story.line),
        time=f"{result.seconds:.3f}",
    )
    if result.failed:
        text = list(_lines(result))
        failure = ElementTree.SubElement(case, "failure", message=_clean(text[0]), type="story")
        failure.text = _clean("\n".join(text))
    elif result.unplayable:
        ElementTree.SubElement(case, "skipped", message=_clean(result.unplayable))
    elif result.unseen:
        note = ElementTree.SubElement(case, "system-out")
        note.text = f"{result.unseen} checks cannot be made from outside."


def _counts(results: Sequence[Result]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(result.failed for result in results)),
        "errors": "0",
        "skipped": str(sum(bool(result.unplayable) for result in results)),
        "time": f"{sum(result.seconds for result in results):.3f}",
    }


def _lines(result: Result) -> Iterator[str]:
    for played in result.played:
        if played.failed:
            yield from _of_exchange(played)


def _of_exchange(played: Played) -> Iterator[str]:
    act = played.exchange.act
    if played.problem:
        yield f"line {act.line if act else 0}: {played.problem}"
    for finding in played.findings:
        if finding.state is State.FAILED:
            yield f"line {finding.step.line}: {told(finding.step)}"
            yield f"after the visitor {did(act)}" if act else "in the greeting"
            yield f"expected: {finding.expected}"
            yield f"said: {finding.said}"
    if played.said and played.said.inside:
        yield from (f"because: {reason}" for reason in played.said.inside.reasons)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
