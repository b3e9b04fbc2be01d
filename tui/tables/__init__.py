"""A table of numbers that is walked: of the classes of a detector, or of a classifier."""
