"""The office's page on the witnesses of the public log."""
