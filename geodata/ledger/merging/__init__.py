"""What a record says after a row: the row where it says something, else what is known."""
