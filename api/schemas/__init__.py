"""Models of every JSON answer, for the OpenAPI description and for authors of clients."""
