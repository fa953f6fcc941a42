package org.openlockbox.gateway.login;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// What a client shows with each request: `Authorization: Bearer <user>.<secret>`. The user is that
/// of a connect statement, and the statement has the secret's SHA-256.
///
/// @param digest SHA-256 of the 32 bytes; the secret itself is kept nowhere
public record BearerToken(String user, Hash digest) {
  private static final Pattern SHAPE =
      Pattern.compile("Bearer ([a-z0-9_-]{1,63})\\.([A-Za-z0-9_-]{43})");

  /// Reads the header; empty where it is something else.
  public static Optional<BearerToken> parse(String header) {
    Matcher read = SHAPE.matcher(header);
    if (!read.matches()) {
      return Optional.empty();
    }
    try {
      byte[] secret = Base64.getUrlDecoder().decode(read.group(2));
      return Optional.of(new BearerToken(read.group(1), Bytes.of(secret).sha256()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return user;
  }
}
