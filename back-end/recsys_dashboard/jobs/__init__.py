"""Long work in one warm worker process beside the pages."""
