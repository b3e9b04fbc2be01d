"""Limits that a report is held against: what passes, what fails, what cannot be told yet."""
