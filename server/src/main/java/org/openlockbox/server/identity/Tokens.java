package org.openlockbox.server.identity;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.PromptPool;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Bearer tokens: 256 random bits, shown once, stored as SHA-256. A revoked token stops working
/// within a second on every server (see [#REMEMBERED]).
public final class Tokens {
  private static final Pattern SHAPE = Pattern.compile("lbx_[A-Za-z0-9_-]{43}");
  private static final int SECRET_BYTES = 32;
  private static final int MOST_REMEMBERED = 10_000;

  /// How long a token of an operator lives at most. Operators issue tokens to others, so one that
  /// was lost must end by itself.
  public static final Duration OPERATORS = Duration.ofDays(90);

  /// How long a server may answer from memory.
  private static final Duration REMEMBERED = Duration.ofMillis(800);

  private record RememberedToken(Caller caller, Instant until) {}

  private final JdbcClient jdbc;
  private final PromptPool prompt;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ConcurrentHashMap<Bytes, RememberedToken> remembered = new ConcurrentHashMap<>();

  public Tokens(JdbcClient jdbc, PromptPool prompt, InstantSource clock, SecureRandom random) {
    this.jdbc = jdbc;
    this.prompt = prompt;
    this.clock = clock;
    this.random = random;
  }

  /// What a token is for. `tenant` is present exactly for a tenant's roles.
  ///
  /// @param validFor how long it lives; empty for as long as it may
  public record TokenHolder(
      SubjectId subject,
      String name,
      Set<Role> roles,
      Optional<TenantId> tenant,
      Optional<Duration> validFor) {
    public TokenHolder {
      People.requireShown(name);
      roles = Set.copyOf(roles);
      boolean ofTenant = tenant.isPresent();
      if (roles.isEmpty() || roles.stream().anyMatch(role -> role.isOfTenant() != ofTenant)) {
        throw new IllegalArgumentException(
            "approver, policy-admin, tenant-admin and auditor belong to a tenant; engineer, reviewer,"
                + " operator and gateway to none");
      }
      if (validFor.filter(asked -> !asked.isPositive()).isPresent()) {
        throw new IllegalArgumentException("a token lives for some time, such as P30D");
      }
      if (roles.contains(Role.OPERATOR)
          && validFor.filter(asked -> asked.compareTo(OPERATORS) > 0).isPresent()) {
        throw new IllegalArgumentException(
            "an operator's token lives for %d days at most".formatted(OPERATORS.toDays()));
      }
    }

    private Optional<Duration> lifetime() {
      return validFor.or(
          () -> roles.contains(Role.OPERATOR) ? Optional.of(OPERATORS) : Optional.empty());
    }
  }

  /// A token as it is shown, once. `id` names it for revoking and reveals nothing of it.
  ///
  /// @param ends when it works no more; empty for one that only [#revoke] ends
  public record NewToken(String id, String token, Optional<Instant> ends) {
    /// Without the token.
    @Override
    public String toString() {
      return id;
    }
  }

  public NewToken issue(
      SubjectId subject, String name, Set<Role> roles, Optional<TenantId> tenant) {
    return issue(new TokenHolder(subject, name, roles, tenant, Optional.empty()));
  }

  public NewToken issue(TokenHolder holder) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    var token = "lbx_" + Bytes.of(secret).base64Url();
    var sha256 = Bytes.ofUtf8(token).sha256();
    var id = "T-" + sha256.hex().substring(0, 12);
    var now = clock.instant();
    var ends = holder.lifetime().map(life -> now.plus(life).truncatedTo(ChronoUnit.SECONDS));
    jdbc.sql(
            """
            insert into token (sha256, id, subject, name, roles, tenant_id, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .param(sha256.bytes())
        .param(id)
        .param(holder.subject().value())
        .param(holder.name())
        .param(holder.roles().stream().map(Role::word).sorted().toArray(String[]::new))
        .param(holder.tenant().map(TenantId::value).orElse(null))
        .param(now.atOffset(ZoneOffset.UTC))
        .param(ends.map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null))
        .update();
    return new NewToken(id, token, ends);
  }

  /// Ends a token; false if there is none with this id, or it has ended already.
  public boolean revoke(String id) {
    return jdbc.sql("update token set revoked_at = ? where id = ? and revoked_at is null")
            .params(clock.instant().atOffset(ZoneOffset.UTC), id)
            .update()
        == 1;
  }

  /// Who holds this token now.
  public Optional<Caller> caller(String token) {
    if (!SHAPE.matcher(token).matches()) {
      return Optional.empty();
    }
    var hash = Bytes.of(Bytes.ofUtf8(token).sha256().bytes());
    var now = clock.instant();
    @Nullable RememberedToken known = remembered.get(hash);
    if (known != null && now.isBefore(known.until)) {
      return Optional.of(known.caller);
    }
    var found = find(hash, now);
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    found.ifPresentOrElse(
        caller -> remembered.put(hash, new RememberedToken(caller, now.plus(REMEMBERED))),
        () -> remembered.remove(hash));
    return found;
  }

  /// Whether this token worked until its time was over: one that was revoked did not, nor one that
  /// nobody here issued.
  public boolean hasExpired(String token) {
    return jdbc.sql(
            """
            select expires_at <= ? from token
             where sha256 = ? and revoked_at is null and expires_at is not null
            """)
        .params(clock.instant().atOffset(ZoneOffset.UTC), Bytes.ofUtf8(token).sha256().bytes())
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  private Optional<Caller> find(Bytes hash, Instant now) {
    return prompt
        .jdbc()
        .sql(
            """
            select subject, name, roles, tenant_id from token
             where sha256 = ? and revoked_at is null and (expires_at is null or expires_at > ?)
            """)
        .params(hash.toArray(), now.atOffset(ZoneOffset.UTC))
        .query((row, n) -> caller(row))
        .optional();
  }

  private static Caller caller(ResultSet row) throws SQLException {
    var roles = (String[]) row.getArray("roles").getArray();
    return new Caller(
        new SubjectId(row.getString("subject")),
        row.getString("name"),
        Arrays.stream(roles).map(Role::parse).collect(Collectors.toSet()),
        Optional.ofNullable(row.getString("tenant_id")).map(TenantId::new));
  }
}
