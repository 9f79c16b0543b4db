"""Evidence: taken from the Hub or imported from an earlier export, filtered, written once."""
