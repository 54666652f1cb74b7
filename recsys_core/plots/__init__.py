"""Tables and reports drawn as plotly figures; nothing is computed here."""
