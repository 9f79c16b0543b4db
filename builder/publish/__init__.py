"""From a validated snapshot to a revision of the dataset repository on the Hub."""
