"""Files of any kind: written whole, for their owner alone, and what the system refuses."""
