"""What compare does where nobody labelled the images: is the export still the model?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from engine.compare.exports.check import ExportCheck, ExportInputs, checking
from engine.compare.gates import GateError
from engine.compare.sides import CompareInputs
from engine.report.export_check import export_check_facts
from engine.report.export_check_text import export_check_markdown, export_check_text
from engine.report.making import NOT_SAID, ReportMaking
from tui.commands.plain import as_json, last_of

GATE: Final = "other"


def _page(check: ExportCheck, making: ReportMaking) -> str:
    # A library for templates comes with it, which the other forms need not wait for.
    from engine.report.html.export_check_page import export_check_page
    from engine.report.html.page import html_page

    return html_page(export_check_page(check, making))


FORMS: Final[Mapping[str, Callable[[ExportCheck, ReportMaking], str]]] = {
    "text": lambda check, _: export_check_text(check),
    "json": lambda check, _: as_json(export_check_facts(check)),
    "md": lambda check, _: export_check_markdown(check),
    "html": _page,
}


@dataclass(frozen=True)
class CheckedDocument:
    """What is printed, and what fails, in sentences."""

    text: str
    failures: tuple[str, ...]


def checked_document(
    inputs: CompareInputs,
    files: Sequence[str],
    form: str,
    confidence: float | None = None,
    fail_on: Sequence[str] = (),
    stdin: IO[bytes] | None = None,
    making: ReportMaking = NOT_SAID,
) -> CheckedDocument:
    """A document on both sides over images named as for score, in a form of FORMS.

    Progress goes to stderr. Gates are read before anything else. Raises EngineError.
    """
    if unknown := [gate for gate in fail_on if gate.strip() != GATE]:
        raise GateError(
            f"--fail-on {unknown[0]} needs labels: name them with --data. Without them there is "
            "--fail-on other, which fails unless B is A but for rounding"
        )
    check = last_of(
        checking(ExportInputs(inputs, tuple(files), confidence), stdin=stdin), ExportCheck
    )
    failures = (check.agreement.sentence,) if fail_on and check.fails else ()
    return CheckedDocument(FORMS[form](check, making), failures)
