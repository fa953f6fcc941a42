package org.openlockbox.tlog.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A SHA-256 hash: 32 bytes, compared by value.
public final class Hash {
  /// Number of bytes in every hash.
  public static final int LENGTH = 32;

  private static final MessageDigest FRESH = lookedUp();

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Wraps a copy of exactly 32 bytes.
  public static Hash of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /// Reads 64 lower-case hexadecimal digits, the only spelling that is accepted.
  public static Hash ofHex(String hex) {
    var hash = of(HexFormat.of().parseHex(hex));
    if (!hash.hex().equals(hex)) {
      throw new IllegalArgumentException("a hash is written in lower-case hexadecimal: " + hex);
    }
    return hash;
  }

  /// Reads standard base64 with padding, the only spelling that is accepted.
  public static Hash ofBase64(String base64) {
    return of(StrictBase64.decode(base64));
  }

  /// SHA-256 over the parts one after another, without any separator.
  public static Hash sha256(byte[]... parts) {
    var digest = begun();
    for (var part : parts) {
      digest.update(part);
    }
    return new Hash(digest.digest());
  }

  static Hash sha256(byte prefix, Hash left, Hash right) {
    var digest = begun();
    digest.update(prefix);
    digest.update(left.bytes);
    digest.update(right.bytes);
    return new Hash(digest.digest());
  }

  /// Reads the hash that starts at `offset` in a longer byte array.
  public static Hash at(byte[] source, int offset) {
    return new Hash(Arrays.copyOfRange(source, offset, offset + LENGTH));
  }

  /// A SHA-256 of nothing yet. Copied, because looking one up by its name costs as much as using
  /// it.
  public static MessageDigest begun() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  private static MessageDigest lookedUp() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
