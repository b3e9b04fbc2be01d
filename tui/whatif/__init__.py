"""What if: new images, scored on the go."""
