"""The public ledger's pages, and what the city says of itself."""
