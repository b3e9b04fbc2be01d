"""What is known of a model: its graph, its names, the session that runs it."""
