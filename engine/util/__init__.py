"""Words, files, cores and progress: nothing here knows what is assessed."""
