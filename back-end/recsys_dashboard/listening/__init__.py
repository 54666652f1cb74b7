"""The pages about listeners and their lists."""
