"""What words say about alarm: a signalling game fitted to weeks of statements and costly acts."""
