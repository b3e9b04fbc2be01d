"""What kind of error each wrong prediction is, and the average precision that each kind costs."""
