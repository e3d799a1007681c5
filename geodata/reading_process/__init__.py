"""Files read in a process of its own, which can be stopped: by its limits, or when nobody waits.

`child` is the program of that process. `reader` starts it, hands it a file and takes the records.
"""
