"""Assessment of vision models. Knows nothing of the terminal."""
