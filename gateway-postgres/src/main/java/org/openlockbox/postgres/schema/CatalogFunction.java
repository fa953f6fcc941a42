package org.openlockbox.postgres.schema;

/// A function of `lb_catalog`: what makes it, and what it is then called.
public record CatalogFunction(String made, String name) {}
