"""Lets `python -m builder` be the command `builder`, where the script is not on the path."""

from builder.cli import main

main()
