"""Sign-in by phone code, mail code or one-time link, and the second factor of officers."""
