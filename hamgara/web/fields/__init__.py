"""The participation office's page on fields: what belongs where, and which unit deals with it."""
