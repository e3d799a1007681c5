"""What every answer over HTTP has: access, caching, headers, errors, checked parameters."""
