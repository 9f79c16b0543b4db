-- Every row of this date with its key.
{rows_of_tables}
