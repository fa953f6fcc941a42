package org.openlockbox.gateway.controlplane;

import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;

/// An engineer's connect statement as the control plane holds it: unchecked.
public record ConnectOffer(TenantId tenant, RequestId request, Envelope envelope) {}
