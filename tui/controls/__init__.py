"""Controls and questions that any screen may use."""
