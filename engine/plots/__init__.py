"""Plots described as values, and drawn as SVG: for the screen, for files and for reports."""
