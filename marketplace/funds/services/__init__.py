"""The only writers of funds, budget lines and the ledger."""
