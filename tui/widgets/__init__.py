"""Widgets show frozen values and post what the person does."""
