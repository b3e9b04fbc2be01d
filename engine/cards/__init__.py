"""Model cards: what is known of a model, what is to be asked, and the file that says it."""
