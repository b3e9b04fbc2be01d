"""Detection, whole: matching, rules, curves, metrics, intervals, explanations."""
