"""The Metrics tab of both kinds."""
