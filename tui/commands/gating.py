"""Limits for a report: the options that name them, and how a command ends that breaks one."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from tui.commands.options import FILE
from tui.commands.telling import tell
from tui.commands.writing import check_place, write

if TYPE_CHECKING:
    from engine.report.gates.limits import ReportLimits
    from engine.report.gates.verdicts import JudgedLimit

Verb = TypeVar("Verb", bound=Callable[..., Any])
Decision = Literal["pass", "fail"]

OPTIONS = (
    click.option(
        "--fail-under",
        multiple=True,
        metavar="KEY=VALUE",
        help="End with 1 if a number of the report is under a limit: AP=.5, f1=.7 or of a class "
        "'recall[car]=.9'. KEY is as in --format json. May be given several times.",
    ),
    click.option(
        "--fail-over",
        multiple=True,
        metavar="KEY=VALUE",
        help="The same for a number that is over a limit: false_alarms_per_image=.2.",
    ),
    click.option(
        "--cannot-tell",
        type=click.Choice(["pass", "fail"]),
        help="What becomes of a limit inside the interval of its number, where --intervals are "
        "asked for: 'pass' is a warning, 'fail' ends with 1. Without it CI decides: fail where "
        "that variable is set.",
    ),
    click.option("--junit", type=FILE, help="Write a test case for each limit to this XML file."),
)


@dataclass(frozen=True)
class GateOptions:
    """What the command line says of limits."""

    under: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    cannot_tell: Decision | None = None
    junit: Path | None = None

    def limits(self, out: Path | None, *, with_intervals: bool) -> "ReportLimits | None":
        """What is asked for, before any work is done. out is the file of the report.

        Raises LimitError, DataError and UsageError.
        """
        asked = bool(self.under or self.over)
        if self.junit is not None and not asked:
            raise click.UsageError("--junit needs a limit: name one with --fail-under.")
        if self.cannot_tell is not None and not (asked and with_intervals):
            raise click.UsageError(
                "--cannot-tell needs a limit, and --intervals: without them every number counts "
                "as certain."
            )
        if not asked:
            return None
        if self.junit is not None and self.junit == out:
            raise click.UsageError("--junit and --out name the same file.")
        from engine.report.gates.limits import ReportLimits

        if self.junit is not None:
            check_place(self.junit)
        return ReportLimits.parse(self.under, self.over)

    def fail(
        self, judged: Sequence["JudgedLimit"], suite: str, properties: Mapping[str, str]
    ) -> bool:
        """Say on stderr what became of each limit, write it as JUnit; whether one fails.

        suite and properties tell the readers of the XML what was assessed. Raises DataError.
        """
        open_fails = self._open_fails
        for each in judged:
            tell(f"offdiag: {each.words}", err=True)
        if any(each.verdict == "cannot tell" for each in judged):
            tell(_what_open_does(self.cannot_tell, fails=open_fails), err=True)
        if self.junit is not None:
            from engine.report.gates.junit import junit_document

            cases = [_case(each, open_fails=open_fails) for each in judged]
            write(self.junit, junit_document("offdiag report", suite, cases, properties))
        failing = {"fail", "cannot tell"} if open_fails else {"fail"}
        return any(each.verdict in failing for each in judged)

    @property
    def _open_fails(self) -> bool:
        """Whether a limit fails of which nobody can tell."""
        if self.cannot_tell is not None:
            return self.cannot_tell == "fail"
        return os.environ.get("CI", "").strip().lower() not in ("", "0", "false", "no")


def with_gate_options(verb: Verb) -> Verb:
    """The options of limits; the verb gets them as `gate`."""

    @wraps(verb)
    def with_options(
        *arguments: Any,
        fail_under: Any,
        fail_over: Any,
        cannot_tell: Any,
        junit: Any,
        **others: Any,
    ) -> Any:
        gate = GateOptions(fail_under, fail_over, cannot_tell, junit)
        return verb(*arguments, gate=gate, **others)

    for option in reversed(OPTIONS):
        with_options = option(with_options)
    return with_options  # type: ignore[return-value]


def _what_open_does(decision: Decision | None, *, fails: bool) -> str:
    why = "" if decision is not None else f", as CI is {'set' if fails else 'not set'}"
    if fails:
        return f"offdiag: what cannot be told fails{why}: --cannot-tell pass makes it a warning"
    return f"offdiag: what cannot be told is a warning{why}: --cannot-tell fail ends with 1"


def _case(judged: "JudgedLimit", *, open_fails: bool) -> Any:
    from engine.report.gates.junit import Ending, JUnitCase

    ending: Ending
    match judged.verdict:
        case "pass":
            ending, kind = "passed", ""
        case "fail" if judged.undefined:
            ending, kind = "error", "undefined"
        case "fail":
            ending, kind = "failure", judged.limit.direction
        case "cannot tell":
            ending, kind = ("failure", "cannot tell") if open_fails else ("skipped", "")
    name = f"{judged.limit.name} {judged.limit.kept_words}"
    return JUnitCase(name, ending, judged.words, kind)
