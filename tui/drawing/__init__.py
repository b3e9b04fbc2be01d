"""Drawing in cells that any painter may use: text, tracks, heat, names."""
