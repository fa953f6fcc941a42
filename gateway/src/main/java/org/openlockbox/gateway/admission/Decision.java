package org.openlockbox.gateway.admission;

/// The two answers of [Admission].
public sealed interface Decision permits Permit, Deny {}
