"""Who may do what in procurement: one `can_…` function per action, one file per noun."""
