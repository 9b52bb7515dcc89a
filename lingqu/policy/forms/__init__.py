"""What people type into the regulation's pages, understood or refused at its field."""
