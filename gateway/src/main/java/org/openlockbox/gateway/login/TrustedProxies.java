package org.openlockbox.gateway.login;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// Load balancers that say who their clients are. Each of their connections has to begin with a
/// PROXY header; from anybody else such a header is a protocol violation like any other.
public record TrustedProxies(List<AddressRange> ranges) {
  /// Nobody.
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final int BITS = 8;

  public TrustedProxies {
    ranges = List.copyOf(ranges);
  }

  /// Addresses whose first bits are these.
  public record AddressRange(Bytes network, int bits) {
    public AddressRange {
      if (bits < 0 || bits > network.size() * BITS) {
        throw new IllegalArgumentException("no such prefix: /" + bits);
      }
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address.
    static AddressRange parse(String text) {
      int slash = text.indexOf('/');
      byte[] network =
          InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      int bits = slash < 0 ? network.length * BITS : Integer.parseInt(text.substring(slash + 1));
      return new AddressRange(Bytes.of(network), bits);
    }

    boolean contains(InetAddress address) {
      byte[] other = address.getAddress();
      byte[] own = network.toArray();
      int whole = bits / BITS;
      if (other.length != own.length || !Arrays.equals(own, 0, whole, other, 0, whole)) {
        return false;
      }
      int rest = bits % BITS;
      int mask = rest == 0 ? 0 : 0xff << (BITS - rest);
      return rest == 0 || (own[whole] & mask) == (other[whole] & mask);
    }
  }

  /// Reads ranges of addresses. Throws [IllegalArgumentException] for what is none.
  public static TrustedProxies parse(List<String> texts) {
    return new TrustedProxies(texts.stream().map(AddressRange::parse).toList());
  }

  /// Whether this is one of them.
  public boolean contains(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}
