"""What several pages use: number formats, charts, gradient tables, the parts every page has."""
