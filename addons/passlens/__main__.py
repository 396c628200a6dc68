"""``python -m passlens``: the command line, for when the folder of scripts is not on the path.
Everything is in cli.py."""

from passlens.cli import main

if __name__ == "__main__":
    main()
