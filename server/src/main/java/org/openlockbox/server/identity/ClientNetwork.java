package org.openlockbox.server.identity;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a browser calls from: an IPv4 address, or the half of an IPv6 address that one line has.
/// Good for throttling, and for nothing else.
public record ClientNetwork(String value) {
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]{2,39}(%.*)?");
  private static final Pattern LOOPBACK = Pattern.compile("127\\..*|::1|0:0:0:0:0:0:0:1");
  private static final int LONGEST = 64;
  private static final int GROUPS = 4;

  public ClientNetwork {
    if (value.isEmpty() || value.length() > LONGEST) {
      throw new IllegalArgumentException("no source: " + value.length() + " characters");
    }
  }

  /// Of a call from this address; of the last one that a proxy on this very host has forwarded for.
  /// Several lines of the header are one list (RFC 9110, section 5.3): a proxy may add a line of
  /// its own behind those that its client made up.
  public static ClientNetwork of(String address, List<String> forwardedFor) {
    boolean here = LOOPBACK.matcher(address).matches();
    var from =
        Optional.of(String.join(",", forwardedFor))
            .filter(_ -> here)
            .map(list -> list.substring(list.lastIndexOf(',') + 1).strip())
            .filter(last -> !last.isEmpty() && last.length() <= LONGEST)
            .orElse(address);
    return new ClientNetwork(V6.matcher(from).matches() && from.contains(":") ? half(from) : from);
  }

  private static String half(String address) {
    var groups = address.split(":", -1);
    return groups.length <= GROUPS ? address : String.join(":", Arrays.copyOf(groups, GROUPS));
  }
}
