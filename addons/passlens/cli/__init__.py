"""One file for each command of passlens that is not in cli/main.py; cli/main.py registers them."""
