"""The groups of commands with their help texts, and which module has each command.

No module here imports a command: `mikrozonasi --help` reads these texts alone.
"""
