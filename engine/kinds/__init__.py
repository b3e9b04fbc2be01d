"""The kinds of task, each an Assessment of its own."""
