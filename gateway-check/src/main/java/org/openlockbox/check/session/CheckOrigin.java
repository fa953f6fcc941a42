package org.openlockbox.check.session;

import java.net.InetAddress;
import org.openlockbox.check.caller.CheckCaller;

/// Who asks, from where, and how long the answer may take. The caller has proven who it is.
public record CheckOrigin(CheckCaller caller, InetAddress address, CallTime time) {}
