"""Number series and shared page parts of all documents."""
