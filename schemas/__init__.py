"""What a column is: the single source of every table, type, unit, description and check."""
