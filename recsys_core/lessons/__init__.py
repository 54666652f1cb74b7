"""What the page that teaches computes: small questions answered by the project's own code, one file each."""
