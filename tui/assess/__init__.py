"""The main screen of one assessment, and how it is loaded."""
