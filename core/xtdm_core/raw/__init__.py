"""Raw files: what their containers say, and where their photosites saturate."""
