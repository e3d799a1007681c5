"""The daily run: plans, classifies, publishes and reads days; one transaction for each call."""
