package org.openlockbox.check.forward;

import org.eclipse.jetty.http.HttpFields;

/// A proxy's own request, from its authenticated connection.
///
/// @param host of its `Host` header, with the port if there is one
public record ProxyRequest(String method, String host, HttpFields headers) {
  /// The headers hold secrets.
  @Override
  public String toString() {
    return method + " " + host;
  }
}
