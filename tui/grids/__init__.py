"""A matrix that is walked cell by cell, for Matrix and Compare."""
