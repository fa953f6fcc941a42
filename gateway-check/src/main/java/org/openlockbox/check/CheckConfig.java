package org.openlockbox.check;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.resource.CheckResource;

/// What a gateway needs to know to answer services and proxies that ask.
///
/// @param listen where callers connect; port 0 lets the system choose
/// @param url the address by which callers know it, as its metadata says
/// @param identity certificate and key for callers ([org.openlockbox.check.caller.CallerTls])
/// @param idle how long a session goes on without a question
public record CheckConfig(
    InetSocketAddress listen,
    URI url,
    SSLContext identity,
    CheckCallers callers,
    List<CheckResource> resources,
    Duration idle) {
  public CheckConfig {
    resources = List.copyOf(resources);
  }
}
