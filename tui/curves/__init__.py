"""The Curves tab of both kinds."""
