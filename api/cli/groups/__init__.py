"""The groups of commands: the help text of each command, and the module that has the command.

A help text stands here alone. No module here imports a command, so `mikrozonasi --help` is fast.
"""
