"""The Feed tab."""
