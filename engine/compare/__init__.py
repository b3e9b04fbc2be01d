"""Two models, or two files of predictions, on the same images: object by object, with certainty."""
