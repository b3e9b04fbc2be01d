"""What is said of two sides, as values, lines and previews."""
