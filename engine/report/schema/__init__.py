"""JSON Schema of the documents: every key, what it means and how far its numbers go."""
