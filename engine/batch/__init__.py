"""Scoring any number of images into one output, that survives any interruption."""
