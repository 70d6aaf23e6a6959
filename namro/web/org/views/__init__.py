"""Pages: signing in (`entrance`), units (`units`), people and posts (`people`), the journal."""
