"""What a model does to images that nobody labelled: named, scored, changed, compared, kept."""
