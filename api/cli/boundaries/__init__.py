"""The commands ``mikrozonasi boundaries ...``."""
