"""Trials and what was found, as text."""
