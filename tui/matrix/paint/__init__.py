"""The matrix as values, layout and lines."""
