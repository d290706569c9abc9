"""Pages about people: a body's people, invitations, findings, the operator's room."""
