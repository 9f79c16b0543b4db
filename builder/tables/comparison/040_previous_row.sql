-- Every row of the previous date: its key, and the key that it would have under the new names of repositories.
{rows_of_previous_tables}
