"""What the portal shows around the zones: places, and indicators of areas by day."""
