package org.openlockbox.gateway.login;

import java.net.InetAddress;
import java.util.Arrays;
import org.openlockbox.core.canonical.Bytes;

/// Addresses that one party can usually use: whoever has one of IPv6 has 64 bits of them.
///
/// @param prefix what they have in common
public record AddressBlock(Bytes prefix) {
  private static final int IPV4 = 4;

  /// A host, or the homes behind one router: an IPv4 address, or 64 bits of IPv6.
  public static AddressBlock host(InetAddress address) {
    return of(address, 4, 8);
  }

  /// A small network: 24 bits of IPv4, or 48 of IPv6.
  public static AddressBlock network(InetAddress address) {
    return of(address, 3, 6);
  }

  private static AddressBlock of(InetAddress address, int bytesOf4, int bytesOf6) {
    byte[] all = address.getAddress();
    return new AddressBlock(Bytes.of(Arrays.copyOf(all, all.length == IPV4 ? bytesOf4 : bytesOf6)));
  }
}
