"""Predictions from files: one module a format."""
