"""Baselines: what a report keeps, so that a later one is tested against it without predictions."""
