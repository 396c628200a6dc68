"""The API answered from the spec: every documented answer on demand, virtual sessions, and the sandbox as a whole.
Pure: clock (``now``, epoch seconds) and randomness (``rng``) are arguments, but for the secret of a page's buttons; no
mitmproxy, no files, no sockets."""
