"""How a snapshot is made: capture → parse → tables → validate → snapshot → card → publish."""
