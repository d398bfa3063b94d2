"""The participation office's page on oversight: registered monitors, and reviews that wait for reviewers."""
