"""The demo world's living procedures, made by the same services as everybody's, with the clock moved."""
