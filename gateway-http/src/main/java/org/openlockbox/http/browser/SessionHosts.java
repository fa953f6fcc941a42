package org.openlockbox.http.browser;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The host names under which browsers come: one for each login, so that no two customers' data
/// share an origin, with its storage, its caches and its workers.
///
/// @param domain what all of them end in, without a dot before it
public record SessionHosts(String domain) {
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,63}");

  public SessionHosts {
    if (domain.length() > 180 || !DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException(
          "'" + domain + "' is no domain such as apps.example.com in lower case");
    }
  }

  /// One login's host.
  ///
  /// @param label its first label
  /// @param origin what its pages come from, as browsers write it
  public record SessionHost(String label, String origin) {
    /// Whether it is that of this login.
    public boolean isOf(String user) {
      return label.equals(labelOf(user));
    }
  }

  /// The host that a request names; empty where it is none of these.
  ///
  /// @param authority host and port, as in the header `Host`
  public Optional<SessionHost> of(String authority) {
    int port = authority.lastIndexOf(':');
    String host = port < 0 ? authority : authority.substring(0, port);
    String suffix = "." + domain;
    if (!host.endsWith(suffix)) {
      return Optional.empty();
    }
    String label = host.substring(0, host.length() - suffix.length());
    return LABEL.matcher(label).matches()
        ? Optional.of(new SessionHost(label, "https://" + authority))
        : Optional.empty();
  }

  /// What stands for a login in host names, which have no underscores.
  public static String labelOf(String user) {
    return user.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
