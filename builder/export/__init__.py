"""Tables for programs that read no Parquet: the forms of values and files in CSV and JSON."""
