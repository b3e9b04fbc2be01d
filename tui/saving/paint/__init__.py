"""What saving changes, as text."""
