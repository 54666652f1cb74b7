"""Reading catalogues of films, one file per source."""
