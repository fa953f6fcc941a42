package org.openlockbox.server.export;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.openlockbox.core.tenant.TenantId;

/// A place of the provider's or of a customer's that is told every event: of the tenants named, or
/// of all if none is. The name keys what the database remembers of it, so it stays. `texts` says
/// whether events carry statements and reasons, while those are kept; otherwise they carry the
/// commitments alone.
public sealed interface EventSink {
  Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  String name();

  List<TenantId> tenants();

  boolean texts();

  /// What kind of sink it is, and where, for people; no secret is in it.
  String where();

  /// Whether the sink is told of this tenant.
  default boolean covers(TenantId tenant) {
    return tenants().isEmpty() || tenants().contains(tenant);
  }

  /// RFC 5424 messages over TLS (RFC 5425). `ca` are the authorities that the receiver's
  /// certificate is checked with, the JDK's if empty. `enterprise` is the number that names our
  /// structured data.
  record Syslog(
      String name,
      List<TenantId> tenants,
      boolean texts,
      String host,
      int port,
      Optional<Path> ca,
      int enterprise)
      implements EventSink {
    /// The number that RFC 5612 keeps for examples; OpenLockbox has none of its own yet.
    public static final int EXAMPLE = 32473;

    public Syslog {
      tenants = checked(name, tenants);
    }

    @Override
    public String where() {
      return "syslog %s:%d".formatted(host, port);
    }
  }

  /// Splunk's HTTP Event Collector at `url`.
  record Splunk(
      String name,
      List<TenantId> tenants,
      boolean texts,
      URI url,
      Supplier<String> token,
      boolean gzip,
      Optional<Path> ca)
      implements EventSink {
    public Splunk {
      tenants = checked(name, tenants);
    }

    @Override
    public String where() {
      return "splunk " + url;
    }

    @Override
    public String toString() {
      return "Splunk[%s at %s]".formatted(name, url);
    }
  }

  private static List<TenantId> checked(String name, List<TenantId> tenants) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a sink's name is a lower-case word of at most 40 characters: " + name);
    }
    return List.copyOf(tenants);
  }
}
