"""Floor 4: the ledger as a public log, whose heads are fixed, signed and witnessed."""
