"""Streamlit glue shared by the pages: navigation, caches, controls, jobs, texts."""
