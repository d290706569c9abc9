"""Pages of the room: thin, one service each."""
