"""Rule files: read them, match exchanges against them, keep state, and say what is to be done. No mitmproxy here."""
