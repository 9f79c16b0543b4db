-- Values of tracked columns that differ between the two dates, as canonical JSON.
{values_that_differ}
