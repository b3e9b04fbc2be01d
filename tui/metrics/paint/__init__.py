"""Tables of metrics as columns, layout and lines."""
