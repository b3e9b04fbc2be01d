"""The options by which a report keeps a baseline, and is tested against that of an earlier one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui import __version__
from tui.commands.options import FILE
from tui.commands.telling import tell
from tui.commands.writing import check_place, write

if TYPE_CHECKING:
    from engine.compare.gates import Gates
    from engine.core.dataset import Dataset
    from engine.report.baseline.against import AgainstBaseline
    from engine.report.baseline.kept import Baseline
    from engine.report.reporting import Report

Verb = TypeVar("Verb", bound=Callable[..., Any])

OPTIONS = (
    click.option(
        "--write-baseline",
        "written",
        type=FILE,
        help="Keep in this file what a later report is tested against: counts of each image and "
        "class, no boxes. Not written where a gate of --fail-on fails.",
    ),
    click.option(
        "--baseline",
        "against",
        type=FILE,
        help="Test against this file of --write-baseline, as compare does, without the old "
        "predictions.",
    ),
    click.option(
        "--fail-on",
        multiple=True,
        metavar="GATE",
        help="With --baseline end with 1 if something is worse for certain: 'worse' looks at F1 "
        "(accuracy of classifiers), 'worse=recall' at another number, 'worse=recall[bolt]' at one "
        "of a class, 'worse=classes' at all classes. May be given several times.",
    ),
)


@dataclass(frozen=True)
class BaselineOptions:
    """What a person asked for."""

    written: Path | None = None
    against: Path | None = None
    fail_on: tuple[str, ...] = ()

    def check(self, out: Path | None, *, force: bool) -> None:
        """Refuse what cannot be done, told before a model runs for an hour.

        out is the file of the report. Raises UsageError and DataError.
        """
        if self.fail_on and self.against is None:
            raise click.UsageError(
                "--fail-on tests against a baseline: name one with --baseline, or compare two "
                "models with offdiag compare."
            )
        if self.written is None:
            return
        from engine.core.errors import DataError

        check_place(self.written, "the baseline")
        if self.written == out:
            raise click.UsageError("--write-baseline and --out name the same file.")
        if self.written.exists() and not force:
            raise DataError(self.written, "is there already: name another file, or add --force")

    def opened(self) -> "BaselineRun":
        """The baseline read, the gates parsed. Raises EngineError."""
        if self.against is None:
            return BaselineRun(self, None, None)
        from engine.compare.gates import Gates
        from engine.report.baseline.against import check_gates
        from engine.report.baseline.file import read_baseline

        gates, kept = Gates.parse(self.fail_on), read_baseline(self.against)
        check_gates(gates, kept)
        return BaselineRun(self, kept, gates)


@dataclass(frozen=True, eq=False)
class BaselineRun:
    """The options, with what was read for them."""

    options: BaselineOptions
    kept: "Baseline | None"
    gates: "Gates | None"

    def tested(
        self, made: "Report", dataset: "Dataset"
    ) -> "tuple[AgainstBaseline | None, tuple[str, ...]]":
        """A report against the baseline, and the gates that fail, in sentences.

        Keeps the report where that is asked for and no gate fails. Raises EngineError.
        """
        if self.options.written is None and self.kept is None:
            return None, ()
        now = made.baseline()
        found: AgainstBaseline | None = None
        failures: tuple[str, ...] = ()
        if self.kept is not None and self.options.against is not None and self.gates is not None:
            from engine.report.baseline.against import against_baseline

            found = against_baseline(self.options.against, self.kept, now, dataset)
            failures = found.failures(self.gates)
        if self.options.written is not None:
            self._write(self.options.written, now, failures)
        return found, failures

    def _write(self, place: Path, now: "Baseline", failures: tuple[str, ...]) -> None:
        from engine.report.baseline.file import packed
        from engine.util.words import number

        if failures:
            tell(f"The baseline {place} is not written: something is worse for certain.", err=True)
            return
        write(place, packed(now, __version__))
        images, classes = len(now.origin.images), len(now.origin.classes)
        tell(
            f"Baseline written to {place}: {number(images, 'image')}, "
            f"{number(classes, 'class', 'classes')}.",
            err=True,
        )


def with_baseline_options(verb: Verb) -> Verb:
    """The verb gets them as `baseline`."""

    @wraps(verb)
    def with_options(
        *arguments: Any, written: Any, against: Any, fail_on: Any, **others: Any
    ) -> Any:
        baseline = BaselineOptions(written, against, fail_on)
        return verb(*arguments, baseline=baseline, **others)

    for option in reversed(OPTIONS):
        with_options = option(with_options)
    return with_options  # type: ignore[return-value]
