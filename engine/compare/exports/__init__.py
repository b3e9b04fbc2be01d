"""Whether an export is still the model: how far two sides agree, and why they do not."""
