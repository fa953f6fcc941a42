package org.openlockbox.core.scram;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;

/// `tls-server-end-point` (RFC 5929 section 4): the hash of the server's certificate, by the hash
/// of its signature algorithm, MD5 and SHA-1 replaced by SHA-256. It ties a SCRAM exchange to the
/// TLS connection it runs in. Empty when the algorithm names no hash (Ed25519): then it is not
/// offered.
public final class ChannelBinding {
  public static final ChannelBinding NONE = new ChannelBinding(new byte[0]);

  private final byte[] hash;

  private ChannelBinding(byte[] hash) {
    this.hash = hash;
  }

  public static ChannelBinding of(X509Certificate certificate) {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = algorithm.indexOf("WITH");
    if (with < 0) {
      return NONE;
    }
    String name =
        switch (algorithm.substring(0, with)) {
          case "MD5", "SHA1", "SHA256" -> "SHA-256";
          case "SHA384" -> "SHA-384";
          case "SHA512" -> "SHA-512";
          default -> "";
        };
    if (name.isEmpty()) {
      return NONE;
    }
    try {
      return new ChannelBinding(MessageDigest.getInstance(name).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-2 is part of every JDK", e);
    }
  }

  public boolean available() {
    return hash.length > 0;
  }

  /// What both sides of an exchange sign (RFC 5802 section 7, `channel-binding`): the GS2 header,
  /// and the hash where it says so.
  public byte[] input(String header, boolean bound) {
    byte[] head = header.getBytes(StandardCharsets.ISO_8859_1);
    if (!bound) {
      return head;
    }
    byte[] all = Arrays.copyOf(head, head.length + hash.length);
    System.arraycopy(hash, 0, all, head.length, hash.length);
    return all;
  }
}
