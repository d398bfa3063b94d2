"""Persian text, digits, alphabet and calendar."""
