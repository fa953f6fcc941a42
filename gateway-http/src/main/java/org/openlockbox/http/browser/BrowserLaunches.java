package org.openlockbox.http.browser;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.http.browser.SessionHosts.SessionHost;
import org.openlockbox.tlog.tree.Hash;

/// Which browsers have exchanged a link for a cookie. At this gateway a token is good in one way: a
/// link is exchanged once, and its token opens nothing any more, in no other browser and as no
/// bearer token; what was used as a bearer token is no link any more. The cookie is another secret,
/// of which only the digest is kept here.
///
/// All of it lies in this process. After a restart, and at another gateway, browsers need a new
/// link, and a token that was used here is as good as one that was not.
public final class BrowserLaunches {
  /// The name of the cookie: it comes from this host alone, and over TLS (RFC 6265bis, 4.1.3.2).
  public static final String COOKIE = "__Host-lockbox";

  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  /// Longer than any login is good.
  private static final Duration KEPT = Duration.ofHours(13);

  private final SecureRandom random;
  private final LongSupplier nanoTime;
  private final Map<BearerToken, TokenUse> used = new HashMap<>();
  private final Set<BearerToken> ended = new HashSet<>();
  private final Map<Hash, BearerToken> byCookie = new HashMap<>();

  public BrowserLaunches(SecureRandom random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /// How a token came first, and when.
  private record TokenUse(UseKind kind, long at) {}

  private enum UseKind {
    LINK,
    BEARER
  }

  /// Uses a link's token up; false if it has been used.
  public synchronized boolean use(BearerToken token) {
    forgetOld();
    return used.putIfAbsent(token, new TokenUse(UseKind.LINK, nanoTime.getAsLong())) == null;
  }

  /// It opened a session as a bearer token; false if a browser came with it before.
  public synchronized boolean useAsBearer(BearerToken token) {
    forgetOld();
    TokenUse before = used.putIfAbsent(token, new TokenUse(UseKind.BEARER, nanoTime.getAsLong()));
    return before == null || before.kind() == UseKind.BEARER;
  }

  /// It opened nothing, and may be tried again.
  public synchronized void giveBack(BearerToken token) {
    if (isUsed(token)) {
      used.remove(token);
    }
  }

  /// Whether a browser came with this token.
  public synchronized boolean isUsed(BearerToken token) {
    TokenUse use = used.get(token);
    return use != null && use.kind() == UseKind.LINK;
  }

  /// The secret of a new cookie for a token that was used here.
  public synchronized String cookie(BearerToken token) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    byCookie.put(digest(text), token);
    return text;
  }

  /// Whose cookie this is; empty unless it was made for this host, and is good.
  public synchronized Optional<BearerToken> of(String secret, SessionHost host) {
    return made(secret, host).filter(token -> !ended.contains(token));
  }

  /// Whether it was made for this host, and its access is over.
  public synchronized boolean hasEnded(String secret, SessionHost host) {
    return made(secret, host).filter(ended::contains).isPresent();
  }

  private Optional<BearerToken> made(String secret, SessionHost host) {
    return SECRET.matcher(secret).matches()
        ? Optional.ofNullable(byCookie.get(digest(secret))).filter(token -> host.isOf(token.user()))
        : Optional.empty();
  }

  /// The access is over: no cookie of this token is good for anything.
  public synchronized void end(BearerToken token) {
    if (isUsed(token)) {
      ended.add(token);
    }
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    used.values().removeIf(use -> now - use.at() > KEPT.toNanos());
    byCookie.values().removeIf(token -> !used.containsKey(token));
    ended.removeIf(token -> !used.containsKey(token));
  }

  private static Hash digest(String secret) {
    return Bytes.of(secret.getBytes(US_ASCII)).sha256();
  }
}
