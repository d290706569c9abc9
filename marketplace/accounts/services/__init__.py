"""The only writers of people, bodies, memberships, invitations and findings."""
