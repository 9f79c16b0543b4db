"""Requests to the Hub: at its pace, with retries, bounded, and kept as they are answered."""
