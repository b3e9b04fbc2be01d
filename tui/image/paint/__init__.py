"""What stands beside an image, as text."""
