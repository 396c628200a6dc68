"""One file for each command of passlens that is not in cli.py; cli.py registers them."""
