"""What a model file does not say, found out by trying it on images that people labelled."""
