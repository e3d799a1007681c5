"""Uploads are read in a separate process, which limits or the parent can stop.

`child` is the program of that process. `reader` starts the process, sends a file and receives the
records.
"""
