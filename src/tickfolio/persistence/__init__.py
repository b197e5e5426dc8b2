"""Every table but the users': models, the mappers to domain values, and the selectors that read them."""
