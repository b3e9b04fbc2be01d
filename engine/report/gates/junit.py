"""Verdicts as JUnit XML, which GitHub, GitLab and Jenkins show beside the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from engine.util.visible import visible

Ending = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True)
class JUnitCase:
    """What was asked for and how it ended."""

    name: str
    ending: Ending
    message: str  # why; not written of what passed
    kind: str = ""  # of a failure or an error, in a word or two


def junit_document(
    command: str, suite: str, cases: Sequence[JUnitCase], properties: Mapping[str, str]
) -> bytes:
    """One suite of a command with a case for each. The same input gives the same bytes.

    What XML cannot hold, such as control characters in the name of a class, is written as on
    a terminal.
    """
    counts = {
        "tests": str(len(cases)),
        **{
            f"{word}s" if word != "skipped" else word: str(sum(c.ending == word for c in cases))
            for word in ("failure", "error", "skipped")
        },
    }
    root = ElementTree.Element("testsuites", {"name": command, **counts})
    inner = ElementTree.SubElement(root, "testsuite", {"name": visible(suite), **counts})
    listed = ElementTree.SubElement(inner, "properties")
    for name, value in properties.items():
        ElementTree.SubElement(listed, "property", {"name": name, "value": visible(value)})
    for case in cases:
        element = ElementTree.SubElement(
            inner, "testcase", {"classname": command, "name": visible(case.name)}
        )
        if case.ending != "passed":
            said = {"message": visible(case.message)} | ({"type": case.kind} if case.kind else {})
            ElementTree.SubElement(element, case.ending, said).text = visible(case.message)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
