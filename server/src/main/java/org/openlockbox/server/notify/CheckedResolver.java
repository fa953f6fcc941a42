package org.openlockbox.server.notify;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.openlockbox.server.notify.webhook.Destinations;

/// Resolves names to the addresses that were judged.
record CheckedResolver(Destinations destinations) implements DnsResolver {
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return destinations.addresses(host);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
