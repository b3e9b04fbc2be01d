"""The app around its screens: settings, looks, keys, signals, what it keeps between runs."""
