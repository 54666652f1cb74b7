"""What the artist map is made of: a stored map or a first view, its colours, and what one may ask of it."""
