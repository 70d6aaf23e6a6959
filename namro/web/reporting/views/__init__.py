"""Pages of this room: request → one query or one action → template."""
