"""Ground truth: one module a format."""
