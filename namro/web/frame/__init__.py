"""What every page shares: base template, lists (filter, sort, export), charts, files, clock."""
