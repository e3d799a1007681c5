"""The form of every answer, for the OpenAPI description and for whoever writes a client."""
