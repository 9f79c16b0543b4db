"""One record of evidence becomes rows of the parsed relations: pure Python, no record knows another."""
