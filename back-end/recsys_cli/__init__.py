"""The command line: data, compare, recommend, runs."""
