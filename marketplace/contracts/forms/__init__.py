"""Shape of what people type: contracts, reports, payments, evaluations."""
