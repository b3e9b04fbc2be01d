"""Reports as one HTML page: no network, no script, light and dark, for phones and paper."""
