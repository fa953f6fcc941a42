package org.openlockbox.postgres.database;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.scram.ScramKeys;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FenceReport;
import org.openlockbox.postgres.fence.WriteHints;
import org.openlockbox.postgres.login.ScramVerifier;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens and closes the one-shot roles of sessions in one protected database, and answers whether
/// its fence stands. Safe for many threads.
///
/// A crash between opening and closing leaves a role that nobody knows the keys of and whose
/// binding ends by itself; the next start of the same gateway drops it. A role that appears after
/// its opening was given up, because the answer was lost, is dropped by [#dropLeftovers] too.
public final class SessionRoles implements Protection, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRoles.class);
  private static final int SCRAM_ITERATIONS = 4096;

  /// How many connections make and remove roles, and how many look at the fence and the logs.
  private static final int CHANGES = 4;

  private static final int LOOKS = 2;

  private final ResourceSpec spec;
  private final AdminPool pool;

  /// A role that does not go keeps its connection for seconds: nobody waits for that who asks
  /// whether sessions may open or go on.
  private final AdminPool looks;

  private final GatewayBoot gateway;
  private final SecureRandom random;
  private final Set<String> wanted;
  private final LongSupplier nanoTime;
  private final LastFenceCheck standing;
  private final Map<String, TenantValues.BoundTenant> bound;
  private final TenantValues tenants;
  private final DatabaseLogMemory memory;
  private @Nullable OffsetDateTime begun;

  public SessionRoles(
      ResourceSpec spec,
      AdminConnections connections,
      GatewayBoot gateway,
      SecureRandom random,
      LongSupplier nanoTime) {
    this.spec = spec;
    this.pool = new AdminPool(connections, CHANGES);
    this.looks = new AdminPool(connections, LOOKS);
    this.gateway = gateway;
    this.random = random;
    this.nanoTime = nanoTime;
    this.wanted = ConcurrentHashMap.newKeySet();
    this.bound = new ConcurrentHashMap<>();
    this.tenants = new TenantValues(spec, looks, bound, nanoTime);
    this.standing = new LastFenceCheck(spec, looks, nanoTime);
    this.memory = new DatabaseLogMemory(looks);
  }

  private SessionRoles(ResourceSpec spec, SessionRoles before) {
    this.spec = spec;
    this.pool = before.pool;
    this.looks = before.looks;
    this.gateway = before.gateway;
    this.random = before.random;
    this.nanoTime = before.nanoTime;
    this.wanted = before.wanted;
    this.bound = before.bound;
    this.tenants = new TenantValues(spec, looks, bound, nanoTime);
    this.standing = new LastFenceCheck(spec, looks, nanoTime);
    this.memory = before.memory;
  }

  /// The same database as another catalogue describes it. Both share connections and know each
  /// other's roles: sessions that are open keep this one, and later ones get the other. Closing one
  /// closes both.
  SessionRoles succeededBy(ResourceSpec next) {
    if (!next.address().equals(spec.address())) {
      throw new IllegalArgumentException("another database: " + next.address());
    }
    return new SessionRoles(next, this);
  }

  /// Whether the database may have rows of this tenant: also where it cannot be asked. May ask it.
  boolean mayHoldRowsOf(TenantId tenant) {
    return !tenants.hasNone(tenant);
  }

  /// Whether no session has a role here, or is about to have one.
  boolean isUnused() {
    return wanted.isEmpty();
  }

  /// What came of opening a role.
  public sealed interface OpenResult {
    /// The role exists and may log in.
    record RoleReady(SessionRole role) implements OpenResult {}

    /// No role may be used. `why` is for the gateway's log alone. `leftover` is a role that may
    /// have been made all the same and could not be removed at once: the caller closes it until it
    /// is gone.
    record NotOpened(String why, Optional<SessionRole> leftover) implements OpenResult {
      static NotOpened nothingMade(String why) {
        return new NotOpened(why, Optional.empty());
      }
    }
  }

  /// What the check at connect says.
  public sealed interface FenceState {
    /// The fence stands; warnings may be in the report.
    record FenceStands(FenceReport report) implements FenceState {}

    /// Deviations stand; no session may open.
    record FenceBroken(FenceReport report) implements FenceState {}

    /// The database could not be asked.
    record FenceUnknown(String why) implements FenceState {}
  }

  /// Makes the role of one session. The caller has decided that the session may exist.
  public OpenResult open(
      TenantId tenant, Level level, Tables tables, Instant until, SessionId session) {
    var value = tenants.of(tenant);
    if (value.isEmpty()) {
      return OpenResult.NotOpened.nothingMade(
          "resource " + spec.id() + " holds no data of " + tenant);
    }
    if (!spec.levels().contains(level)) {
      return OpenResult.NotOpened.nothingMade(
          "resource " + spec.id() + " offers no level " + level.word());
    }
    var keys = ScramKeys.random(random);
    var role = new SessionRole("lb_s_" + HexFormat.of().formatHex(bytes(16)), keys, until);
    String verifier = ScramVerifier.of(keys, bytes(16), SCRAM_ITERATIONS).toPostgresText();
    wanted.add(role.name());
    bound.put(role.name(), new TenantValues.BoundTenant(tenant.value(), value.get()));
    try {
      pool.use(
          connection -> {
            openOn(connection, role, verifier, value.get(), level, tables, session);
            return true;
          });
      return new OpenResult.RoleReady(role);
    } catch (SQLException e) {
      var kept = close(role.name()); // the answer may have been lost after the role was made
      return new OpenResult.NotOpened(
          "no session role: " + DatabaseErrorText.of(e).line(), kept.map(_ -> role));
    }
  }

  private void openOn(
      Connection connection,
      SessionRole role,
      String verifier,
      String tenant,
      Level level,
      Tables tables,
      SessionId session)
      throws SQLException {
    try (var call = connection.prepareStatement("select lb.open_session(?, ?, ?, ?, ?, ?, ?)")) {
      call.setString(1, role.name());
      call.setString(2, verifier);
      call.setString(3, tenant);
      call.setString(4, level.word());
      call.setObject(5, OffsetDateTime.ofInstant(role.until(), ZoneOffset.UTC));
      call.setString(6, session.value());
      if (tables.isAll()) {
        call.setNull(7, Types.ARRAY, "text[]");
      } else {
        call.setArray(7, connection.createArrayOf("text", viewNames(tables)));
      }
      call.execute();
    }
  }

  /// The views of the tables that a grant names, with their schema or without. What the catalogue
  /// does not list has none.
  private String[] viewNames(Tables tables) {
    return spec.tables().stream()
        .map(TableSpec::name)
        .filter(
            name -> tables.contains(SqlName.of(name.name())) || tables.contains(name.toString()))
        .map(TableName::name)
        .distinct()
        .toArray(String[]::new);
  }

  /// Ends a session in the database: backends, binding, role. Empty when nothing of it is left;
  /// else what keeps it, to be tried again.
  public Optional<RemovalObstacle> close(SessionRole role) {
    return close(role.name());
  }

  private Optional<RemovalObstacle> close(String role) {
    var kept = kept(role);
    if (kept.isEmpty()) {
      wanted.remove(role);
      bound.remove(role);
    }
    return kept;
  }

  private Optional<RemovalObstacle> kept(String role) {
    try {
      return pool.use(
          connection -> {
            try (var call = connection.prepareStatement("select lb.close_session(?)")) {
              call.setString(1, role);
              try (var rows = call.executeQuery()) {
                boolean gone = rows.next() && rows.getBoolean(1);
                return gone ? Optional.empty() : Optional.of(RemovalObstacle.BY_A_BACKEND);
              }
            }
          });
    } catch (SQLException e) {
      return Optional.of(RemovalObstacle.of(e));
    }
  }

  /// Drops the roles of earlier starts of this gateway, those of this start that no session has or
  /// is removing, and those of any gateway whose time has passed; logs each that it dropped.
  /// Answers those that are still there, each with what the database said; empty when all is clean.
  public List<String> dropLeftovers() throws IOException {
    try {
      return pool.use(this::leftovers).stream().flatMap(left -> drop(left).stream()).toList();
    } catch (SQLException e) {
      throw new IOException("the protected database does not say what is left", e);
    }
  }

  private record Leftover(String role, String session) {}

  private Optional<String> drop(Leftover leftover) {
    var kept = close(leftover.role());
    if (kept.isEmpty()) {
      LOG.info("dropped a role that was left: {}, session {}", leftover.role(), leftover.session());
    }
    return kept.map(by -> leftover.role() + ": " + by.said());
  }

  private List<Leftover> leftovers(Connection connection) throws SQLException {
    var roles = new ArrayList<Leftover>();
    try (var query =
        connection.prepareStatement(
            """
            select role, session
              from lb.binding
             where gateway = ?
                or (starts_with(gateway, ?) and opened < ?)
                or until < clock_timestamp() - interval '1 minute'
            """)) {
      query.setString(1, gateway.toString());
      query.setString(2, gateway.prefix());
      query.setObject(3, begun(connection));
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          roles.add(new Leftover(rows.getString(1), rows.getString(2)));
        }
      }
    }
    roles.removeIf(leftover -> wanted.contains(leftover.role()));
    return roles;
  }

  /// When this start first looked for leftovers, by the database's clock: what another start has
  /// opened since belongs to one that came later.
  private synchronized OffsetDateTime begun(Connection connection) throws SQLException {
    if (begun == null) {
      try (var query = connection.createStatement();
          var rows = query.executeQuery("select clock_timestamp()")) {
        rows.next();
        begun = rows.getObject(1, OffsetDateTime.class);
      }
    }
    return begun;
  }

  /// Whether the fence stands, at most three seconds old.
  public FenceState standing() {
    return standing.now();
  }

  /// What writes have to keep to, as of the last look at the fence.
  public WriteHints hints() {
    return standing.hints();
  }

  /// Looks at the fence again if sessions rely on it, and answers what breaks it.
  Optional<Deviation> drift() {
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    return standing.look() instanceof FenceState.FenceBroken(FenceReport report)
        ? report.drift()
        : Optional.empty();
  }

  @Override
  public ResourceId id() {
    return spec.id();
  }

  @Override
  public Protocol protocol() {
    return Protocol.POSTGRESQL;
  }

  @Override
  public Hash catalogue() {
    return Hash.ofHex(spec.digest());
  }

  @Override
  public Set<Level> levels() {
    return spec.levels();
  }

  @Override
  public boolean needsReview() {
    return spec.providerReview();
  }

  @Override
  public String place() {
    return spec.address().database();
  }

  @Override
  public String placeInWords() {
    return "the database " + place();
  }

  @Override
  public ProtectionState state() {
    return switch (standing()) {
      case FenceState.FenceStands ignored -> new ProtectionState.Intact();
      case FenceState.FenceUnknown(String why) -> new ProtectionState.Unreachable(why);
      case FenceState.FenceBroken(FenceReport report) -> {
        Deviation first = report.deviations().getFirst();
        yield report
            .suspension()
            .<ProtectionState>map(suspension -> new ProtectionState.Suspended(suspension.since()))
            .orElseGet(() -> new ProtectionState.Broken(first.kind(), first.toString()));
      }
    };
  }

  /// The fence stood when it was last looked at, and that was not long ago.
  @Override
  public boolean holds() {
    return standing.holds();
  }

  @Override
  public DatabaseLogMemory memory() {
    return memory;
  }

  /// The resource whose roles these are.
  public ResourceSpec resource() {
    return spec;
  }

  @Override
  public void close() {
    pool.close();
    looks.close();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
