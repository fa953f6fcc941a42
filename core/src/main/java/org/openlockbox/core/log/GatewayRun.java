package org.openlockbox.core.log;

import org.openlockbox.core.keyring.GatewayId;

/// One run of a gateway's program, from its start to its end. Its entries are numbered without a
/// gap in each log.
public record GatewayRun(GatewayId gateway, String boot) {}
