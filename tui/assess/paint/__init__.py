"""What was opened, the card and a probe, as text."""
