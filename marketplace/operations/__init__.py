"""The machine room: worker, due work, queue, health, the clock's start. Knows no procedure and holds no models."""
