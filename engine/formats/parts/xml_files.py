"""XML files of annotations, read without what XML can do to a reader.

Entities are declared in a DOCTYPE, which no tool for annotations writes: a file with one
is refused before a single entity is expanded.
"""

from pathlib import Path
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engine.core.errors import DataError
from engine.formats.parts.sniff import head_of, read_bytes


def read_xml(path: Path) -> ElementTree.Element:
    """The outermost element of a file; DataError says where the file is broken."""
    content = read_bytes(path)
    if not content.strip():
        raise DataError(path, "the file is empty; expected XML")
    try:
        root: ElementTree.Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise DataError(path, "it has a DOCTYPE, which annotations do not need: refused") from None
    except ElementTree.ParseError as error:
        problem = str(error).partition(":")[0]
        raise DataError(path, f"broken XML: {problem}", line=error.position[0]) from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise DataError(path, f"broken XML: {error}") from None
    return root


def begins_with(path: Path, *tags: str) -> bool:
    """Whether a file looks like XML whose outermost element has one of the tags."""
    head = head_of(path, 4096)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and any(
        f"<{tag}{end}".encode() in head for tag in tags for end in (">", " ", "\n", "\r")
    )


def text_of(element: ElementTree.Element, tag: str) -> str:
    """The text of a child, without the space around it; "" where there is none."""
    return (element.findtext(tag) or "").strip()


def number_of(element: ElementTree.Element, tag: str, path: Path, where: str) -> float:
    """The number in a child. Raises DataError that names the element."""
    text = text_of(element, tag)
    try:
        return float(text)
    except ValueError:
        what = f"got {text!r}" if text else "found none"
        raise DataError(path, f"{where}: expected a number in <{tag}>, {what}") from None
