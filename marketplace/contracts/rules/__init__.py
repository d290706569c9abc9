"""Pure rules of contracts, reports, disbursements and evaluations."""
