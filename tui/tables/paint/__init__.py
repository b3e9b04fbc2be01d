"""Tables as columns, layout and lines."""
