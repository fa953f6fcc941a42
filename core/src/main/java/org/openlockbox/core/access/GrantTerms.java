package org.openlockbox.core.access;

/// What a grant allows: the intersection of what its approvers allowed.
public record GrantTerms(Level level, Window window, Limits limits) {}
