"""What the page "experiment" is made of."""
