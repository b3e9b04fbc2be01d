"""From a model and images to predictions: recognise, decode, run, keep."""
