package org.openlockbox.core.access;

import org.openlockbox.core.limits.Limits;

/// What a grant allows: the intersection of what its approvers allowed.
public record GrantTerms(Level level, Window window, Limits limits) {}
