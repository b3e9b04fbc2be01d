"""The Matrix tab."""
