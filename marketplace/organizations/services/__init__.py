"""The only writers of organizations: registration, facts, account, evidence, ties, the mark, the face."""
