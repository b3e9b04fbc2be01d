"""Screens hold the state; everything on them follows from it."""
