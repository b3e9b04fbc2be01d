"""Painters turn values into text and pixels, and know no widget."""
