"""The writers of planning: lists with their items, and intentions."""
