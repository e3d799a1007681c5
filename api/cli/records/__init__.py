"""The commands ``mikrozonasi records``, ``addresses`` and ``newcomers``."""
