"""Each benchmark runs a peer and Refrain in turns, checks that they agree, and prints medians and ratios."""
