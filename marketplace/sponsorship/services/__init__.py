"""The only writers of agreements and of sponsors' money."""
