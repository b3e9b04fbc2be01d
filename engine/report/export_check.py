"""What `offdiag compare` says of an export where there are no labels, as plain values."""

from engine.compare.exports.check import ExportCheck
from engine.compare.exports.counted_from import CountedFrom
from engine.report.agreement_facts import agreement_facts
from engine.report.facts import ReportValue


def export_check_facts(check: ExportCheck) -> dict[str, ReportValue]:
    """With the keys of a comparison, as far as they need no labels."""
    a, b = check.names
    at = _point(check.counted)
    return {
        "task": "detection" if check.task == "detect" else "classification",
        "images": len(check.images),
        "a": {"name": a, "operating_point": at},
        "b": {"name": b, "operating_point": at},
        "agreement": agreement_facts(check.agreement, check.images.name, check.classes),
        "warnings": list(check.warnings),
    }


def _point(counted: CountedFrom) -> dict[str, ReportValue]:
    own = {"classes": dict(counted.of_class)} if counted.of_class else {}
    return {"confidence": counted.confidence, "source": counted.source, **own}
