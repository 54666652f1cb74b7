"""What people listen to beside what they are recommended: one listener, or all of them."""
