"""Curves as values, plots, text and files."""
