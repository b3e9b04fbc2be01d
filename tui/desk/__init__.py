"""The contract between the main screen and the kinds of task."""
