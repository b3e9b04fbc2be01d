"""What both kinds share: arrays, datasets, outcomes, the matrix, thresholds, an assessment."""
