"""For automated tests: a client of the control API."""
