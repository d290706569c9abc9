"""Pages of organizations: the public directory, the organization's own page, registration, the registrar's mark."""
