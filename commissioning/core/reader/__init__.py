"""Reads a file that somebody brought, as a process of its own: rows of text come out, nothing else can happen.

`core.intake` starts it (`python -I commissioning/core/reader …`), gives the file as standard input and takes frames
from standard output. It knows the standard library and openpyxl, never Django, the settings or the database.
"""
