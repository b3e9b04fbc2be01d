"""Protocols of terminals, what one can do, and all private reach into Textual."""
