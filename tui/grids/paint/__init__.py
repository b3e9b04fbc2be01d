"""Lines of a matrix, from values."""
