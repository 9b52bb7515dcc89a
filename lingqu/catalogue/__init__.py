"""Products, disciplines and list-price versions."""
