"""Pictures on the screen: sharp or in cells, sent as the terminal takes them."""
