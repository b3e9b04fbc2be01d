"""Saving an operating point."""
