"""Pictures as pixels and cells, boxes drawn over them."""
