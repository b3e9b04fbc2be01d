"""From images to predictions: resize, run, decode, keep."""
