"""A model behind HTTP, at the operating point that was saved for it (extra `serve`)."""
