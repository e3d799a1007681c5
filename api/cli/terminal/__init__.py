"""The terminal, for every command: language, options, tables, progress bars, help texts."""
