package org.openlockbox.server.identity;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;

/// 256 random bits that a browser holds in a cookie or a hidden field, or that a mailed link holds.
/// The database knows their SHA-256 only; no text of ours contains them.
public final class Secret {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  public static Secret random(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new Secret(Bytes.of(bytes).base64Url());
  }

  /// What a browser sent, if it can be a secret of ours.
  public static Optional<Secret> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new Secret(text)) : Optional.empty();
  }

  /// For the cookie, the hidden field or the link, and nothing else.
  public String forTheBrowser() {
    return text;
  }

  /// What the database keeps.
  public byte[] hash() {
    return Bytes.ofUtf8(text).sha256().bytes();
  }

  /// Another value that only holders of this one can know; `purpose` keeps them apart.
  public Bytes derived(String purpose) {
    return Bytes.of(Bytes.ofUtf8(purpose + "\n" + text).sha256().bytes());
  }

  /// What the database knows of a command line that holds this one. It cannot be turned back: a
  /// browser's secret never becomes one that calls.
  public Secret forCalls() {
    return new Secret(derived("calls").base64Url());
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
