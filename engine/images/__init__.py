"""Pixels: reading them, drawing on them, their tones."""
