"""Floor 11: scorecards: what was asked, promised, verified and late, counted from the ledger."""
