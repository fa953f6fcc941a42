package org.openlockbox.gateway.admission;

/// The two answers of [Admission].
public sealed interface AdmissionDecision permits Permit, Deny {}
