package org.openlockbox.server.notify.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/// Where webhooks may lead: by HTTPS to public addresses. A tenant chooses the URL, so it must not
/// reach what only this server can reach. A host that the operator named may be private, and may be
/// called by HTTP.
///
/// The address that was judged is the one that is called ([WebhookCaller] resolves through here),
/// so a name that answers differently the second time gains nothing.
public final class Destinations {
  private static final int LONGEST = 500;
  private static final int LONGEST_OF_A_BROWSER = 2000;

  private final Set<String> privateHosts;

  Destinations(Set<String> privateHosts) {
    this.privateHosts = Set.copyOf(privateHosts);
  }

  /// The URL that a tenant wants called, if it may be; the reason of a refusal is the exception's.
  URI url(String text) {
    return url(text, LONGEST);
  }

  /// Where a browser says that its push service takes messages for it, if it may be called. The
  /// browser's owner chose the address, so what holds for a webhook holds for it.
  public URI pushEndpoint(String text) {
    return url(text, LONGEST_OF_A_BROWSER);
  }

  private URI url(String text, int longest) {
    if (text.length() > longest) {
      throw new IllegalArgumentException("a URL of more than %d characters".formatted(longest));
    }
    var url = URI.create(text);
    if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("a URL is https://host/path, without user or fragment");
    }
    boolean named = privateHosts.contains(host(url));
    if (!"https".equals(url.getScheme()) && !(named && "http".equals(url.getScheme()))) {
      throw new IllegalArgumentException("it is called by https");
    }
    return url;
  }

  private static String host(URI url) {
    return url.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$", "");
  }

  /// The addresses of a host, all of which may be called.
  public InetAddress[] addresses(String host) throws UnknownHostException {
    var addresses = InetAddress.getAllByName(host);
    if (!privateHosts.contains(host.toLowerCase(Locale.ROOT))) {
      for (var address : addresses) {
        if (!isPublic(address)) {
          throw new UnknownHostException(host + " is no public address");
        }
      }
    }
    return addresses;
  }

  /// Whether the whole Internet can reach this address: no special-purpose block of the IANA
  /// registries (RFC 6890), nor one that leads to an embedded IPv4 address.
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return address instanceof Inet4Address
        ? isPublicV4(first, second, bytes[2] & 0xff)
        : isPublicV6(first, second, ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff));
  }

  private static boolean isPublicV4(int first, int second, int third) {
    return switch (first) {
      case 0 -> false;
      case 100 -> second < 64 || second > 127;
      case 192 -> !(second == 0 && (third == 0 || third == 2)) && !(second == 88 && third == 99);
      case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 240;
    };
  }

  /// Global unicast alone (2000::/3), without Teredo, benchmarking, documentation and 6to4.
  private static boolean isPublicV6(int first, int second, int next) {
    if (first < 0x20 || first > 0x3f) {
      return false;
    }
    return switch ((first << 8) | second) {
      case 0x2001 -> next >= 0x0200 && next != 0x0db8;
      case 0x2002 -> false;
      case 0x3fff -> next >= 0x1000;
      default -> true;
    };
  }
}
