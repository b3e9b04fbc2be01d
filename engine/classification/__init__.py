"""Classification, whole: joining labels to answers, metrics, curves, intervals, explanations."""
