"""What each tool does for a step of the benchmark, timed in the process that calls it."""

import contextlib
import io
import resource
import time
from collections.abc import Callable
from pathlib import Path

CONFIDENCE, IOU = 0.25, 0.5  # of the first matrix
CONFIDENCES = (0.3, 0.2, 0.35, 0.4, 0.5, 0.6, 0.15, 0.7)
IOUS = (0.55, 0.6, 0.45, 0.65, 0.7, 0.4)
OPENING, SUMMARY, MATRIX = "read", "summary from columns", "first matrix"
CONFIDENCE_STEP, IOU_STEP = "confidence step", "IoU step"
BEHIND = "the rest, behind the first matrix"
AGAIN = "file to summary, opened before"
Figures = dict[str, list[float]]  # wall and CPU seconds; one number for AP and memory


class Watch:
    """Wall and CPU seconds since the last stop."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self._since = time.perf_counter(), time.process_time()

    def stop(self, step: str, times: int = 1) -> None:
        now = time.perf_counter(), time.process_time()
        pair = zip(now, self._since, strict=True)
        self.figures[step] = [(after - before) / times for after, before in pair]
        self._since = time.perf_counter(), time.process_time()

    def steps(
        self,
        matrix: Callable[[float, float], object],
        few: int | None = None,
        complete: Callable[[], object] | None = None,
    ) -> None:
        """The first matrix, then the mean of some steps of each slider.

        complete does what a tool leaves for later to show the first matrix sooner.
        """
        matrix(CONFIDENCE, IOU)
        self.stop(MATRIX)
        if complete is not None:
            complete()
            self.stop(BEHIND)
        for confidence in CONFIDENCES[:few]:
            matrix(confidence, IOU)
        self.stop(CONFIDENCE_STEP, len(CONFIDENCES[:few]))
        for iou in IOUS[:few]:
            matrix(CONFIDENCE, iou)
        self.stop(IOU_STEP, len(IOUS[:few]))

    def summarised(self, ap: float) -> None:
        """Note the result and the memory that it took to get there."""
        self.figures["AP"] = [float(ap)]
        self.figures["peak to summary"] = [peak()]
        self._since = time.perf_counter(), time.process_time()


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def offdiag(truth_file: Path, results_file: Path) -> Figures:
    from engine.detection.coco.average_precision import average_precision, rank_of_ids
    from engine.detection.detection import Detection
    from engine.formats import read_dataset, read_predictions

    watch = Watch()
    dataset = read_dataset(truth_file, cache=None)
    found, _ = read_predictions(results_file, dataset, None)
    watch.stop(OPENING)
    ranks = rank_of_ids(dataset.image_ids)
    values = average_precision(dataset.ground_truths, found, len(dataset.classes), ranks)
    summary, _ = values.summary, values.ap_by_iou
    watch.stop(SUMMARY)
    watch.summarised(summary.AP)
    detection = Detection(dataset, found)
    matched = {IOU: detection.at_iou(IOU)}

    def matrix(confidence: float, iou: float) -> object:
        at_iou = matched.get(iou) or detection.at_iou(iou)
        return at_iou.matrix(confidence)

    watch.steps(matrix, complete=matched[IOU].complete)
    return watch.figures


def offdiag_again(truth_file: Path, results_file: Path) -> Figures:
    """The second opening: the columns of the results come from the cache."""
    from engine.detection.coco.average_precision import average_precision, rank_of_ids
    from engine.formats import read_dataset, read_predictions
    from engine.formats.parts.column_cache import ColumnCache

    cache = ColumnCache(results_file.parent / "cache", worth_keeping=0)
    watch = Watch()
    dataset = read_dataset(truth_file, cache=cache)
    found, _ = read_predictions(results_file, dataset, cache)
    ranks = rank_of_ids(dataset.image_ids)
    values = average_precision(dataset.ground_truths, found, len(dataset.classes), ranks)
    summary, _ = values.summary, values.ap_by_iou
    watch.stop(AGAIN)
    return {**watch.figures, "AP": [float(summary.AP)]}


def hotcoco(truth_file: Path, results_file: Path) -> Figures:
    import hotcoco

    watch = Watch()
    truth = hotcoco.COCO(str(truth_file))
    found = truth.load_res(str(results_file))
    watch.stop(OPENING)
    evaluation = hotcoco.COCOeval(truth, found, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    evaluation.results(per_class=True)
    watch.stop(SUMMARY)
    watch.summarised(evaluation.stats[0])
    evaluation = hotcoco.COCOeval(truth, found, "bbox")
    watch.steps(lambda confidence, iou: evaluation.confusion_matrix(iou, min_score=confidence))
    return watch.figures


def faster_coco_eval(truth_file: Path, results_file: Path) -> Figures:
    from faster_coco_eval import COCO, COCOeval_faster
    from faster_coco_eval.extra import PreviewResults

    watch = Watch()
    truth = COCO(str(truth_file))
    found = truth.loadRes(str(results_file))
    watch.stop(OPENING)
    evaluation = COCOeval_faster(truth, found, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    watch.stop(SUMMARY)
    watch.summarised(evaluation.stats[0])

    def matrix(confidence: float, iou: float) -> object:
        shown = PreviewResults(truth, found, min_score=confidence, iou_tresh=iou)
        return shown.compute_confusion_matrix()

    watch.steps(matrix, few=1)  # seconds each
    return watch.figures


def pycocotools(truth_file: Path, results_file: Path) -> Figures:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    watch = Watch()
    truth = COCO(str(truth_file))
    found = truth.loadRes(str(results_file))
    watch.stop(OPENING)
    evaluation = COCOeval(truth, found, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    watch.stop(SUMMARY)
    watch.summarised(evaluation.stats[0])
    return watch.figures


TOOLS = {
    "Offdiag": offdiag,
    "hotcoco": hotcoco,
    "faster-coco-eval": faster_coco_eval,
    "pycocotools": pycocotools,
    "Offdiag again": offdiag_again,
}


def measured(tool: str, folder: Path) -> Figures:
    """The figures of a tool on the files of a folder; what it prints is thrown away."""
    with contextlib.redirect_stdout(io.StringIO()):
        figures = TOOLS[tool](folder / "truth.json", folder / "results.json")
    return {**figures, "peak": [peak()]}
