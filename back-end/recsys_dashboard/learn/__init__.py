"""What the page that teaches is made of: one file a chapter, and the ways between them."""
