"""The only writers of the room, one file per noun."""
