"""One image: its boxes or its probabilities."""
