"""What every page shares: the base template, the list (filter, sort, page, export), files, the clock."""
