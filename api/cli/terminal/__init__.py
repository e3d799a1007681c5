"""What every command prints: language, tables, progress bars, help texts."""
