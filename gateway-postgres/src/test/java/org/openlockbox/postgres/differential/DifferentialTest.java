package org.openlockbox.postgres.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.differential.Exchange.Format;
import org.openlockbox.postgres.fence.WriteHints;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// An expert session through a gateway and a session of an equally bound role without one answer
/// the same bytes with the same bytes: rows, descriptions, tags, errors, states of transactions.
///
/// `-Ddifferential.seed=N` says others than the usual statements, `-Dlockbox.long=true` many more.
@Tag("slow")
class DifferentialTest {
  private static final ProtectedDatabase SERVER = ProtectedDatabase.start();
  private static final HelpdeskDatabase HELPDESK = HelpdeskDatabase.in(SERVER);
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD, InstantSource.system(), HELPDESK.catalogue());
  private static final GatewayBoot DIRECT =
      new GatewayBoot(new GatewayId("gw-none"), "00000000000000dd");
  private static final TenantId ACME = new TenantId("acme");
  private static final long SEED = Long.getLong("differential.seed", 20261126);
  private static final int ROUNDS = Boolean.getBoolean("lockbox.long") ? 20_000 : 500;

  /// Both ends plan and scan alike.
  private static final String ALIKE =
      "set synchronize_seqscans = off; set max_parallel_workers_per_gather = 0; set jit = off";

  @AfterAll
  static void nothingIsLeft() {
    FIXTURE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Level.class,
      names = {"MASKED", "READ", "WRITE"})
  void aGatewayAnswersAsTheDatabaseDoes(Level level) throws Exception {
    try (var roles = roles()) {
      var role = open(roles, level);
      var added = new ExpectedHint(level == Level.WRITE ? hints(roles) : WriteHints.NONE);
      try (var direct = Peer.direct(direct(role), level, added);
          var through = Peer.through(through(level), level)) {
        same(direct, through, List.of(Exchange.simple(ALIKE)));
        for (List<Exchange> conversation : conversations(level)) {
          same(direct, through, conversation);
        }
      } finally {
        assertThat(roles.close(role)).isEmpty();
      }
    }
  }

  /// One after the other, so that neither waits for the other's locks.
  private static void same(Peer direct, Peer through, List<Exchange> conversation)
      throws IOException {
    var expected = new ArrayList<List<String>>();
    for (Exchange exchange : conversation) {
      expected.add(direct.answers(exchange));
    }
    boolean sure = true;
    for (int i = 0; i < conversation.size(); i++) {
      String what = "seed %d, %s".formatted(SEED, conversation.get(i).what());
      List<String> answers = through.answers(conversation.get(i));
      int refused = indexOfCopyRefusal(answers);
      if (refused < 0) {
        assertThat(answers).as(what).isEqualTo(expected.get(i));
      } else {
        List<String> before = answers.subList(0, refused);
        assertThat(expected.get(i)).as(what).hasSizeGreaterThan(refused);
        assertThat(expected.get(i).subList(0, refused)).as(what).isEqualTo(before);
        assertThat(expected.get(i)).as(what).anyMatch(message -> message.startsWith("E"));
        sure = false;
      }
    }
    if (!sure) {
      same(direct, through, List.of(Exchange.simple("select 'alive'")));
    }
  }

  /// Where the gateway refuses in a Parse what the database refuses later, so that the session
  /// lives: docs/fence.md.
  private static int indexOfCopyRefusal(List<String> answers) {
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).contains("M=COPY FROM STDIN is not allowed in the extended protocol")) {
        return i;
      }
    }
    return -1;
  }

  private static WriteHints hints(SessionRoles roles) {
    assertThat(roles.state()).isInstanceOf(ProtectionState.Intact.class);
    return roles.hints();
  }

  private static List<List<Exchange>> conversations(Level level) {
    var all = new ArrayList<List<Exchange>>();
    for (String sql : RandomSql.lines("statements.sql")) {
      all.add(List.of(Exchange.simple(sql)));
      all.add(List.of(Exchange.extended(sql, Format.BINARY)));
      all.add(List.of(Exchange.named(sql, Format.TEXT)));
    }
    all.add(List.of(Exchange.simple("rollback")));
    var random = new Random(SEED + level.word().hashCode());
    var statements = new RandomSql(random);
    for (int round = 0; round < ROUNDS; round++) {
      all.add(random(random, statements, level));
    }
    return all;
  }

  private static List<Exchange> random(RandomGenerator random, RandomSql statements, Level level) {
    String sql = statements.next("STATEMENT");
    Format format = random.nextBoolean() ? Format.TEXT : Format.BINARY;
    return switch (random.nextInt(7)) {
      case 0 -> List.of(Exchange.simple(sql));
      case 1 -> List.of(Exchange.extended(sql, format));
      case 2 -> List.of(Exchange.named(sql, format));
      case 3 -> List.of(Exchange.fetched(sql));
      case 4 -> List.of(Exchange.pipelined(several(statements, sql)));
      case 5 -> List.of(Exchange.simple(String.join("; ", several(statements, sql))));
      default -> transaction(random, statements, level);
    };
  }

  private static List<String> several(RandomSql statements, String first) {
    return List.of(first, statements.next("STATEMENT"), statements.next("STATEMENT"));
  }

  /// Is rolled back in the end, so that both ends find the same rows.
  private static List<Exchange> transaction(
      RandomGenerator random, RandomSql statements, Level level) {
    String start = level == Level.WRITE ? "CHANGE" : "STEP";
    return Stream.of(
            Stream.of("begin"),
            Stream.generate(() -> statements.next(start)).limit(1 + random.nextInt(6)),
            Stream.of("rollback"))
        .flatMap(texts -> texts)
        .map(
            text ->
                random.nextBoolean() ? Exchange.simple(text) : Exchange.extended(text, Format.TEXT))
        .toList();
  }

  private static SessionRoles roles() {
    ResourceSpec spec = HELPDESK.catalogue().resources().getFirst().of(ACME).orElseThrow();
    return new SessionRoles(
        spec,
        AdminConnections.to(spec.address(), "unused", DIRECT),
        DIRECT,
        new SecureRandom(),
        System::nanoTime);
  }

  private static SessionRole open(SessionRoles roles, Level level) {
    var until = Instant.now().plus(Duration.ofMinutes(30));
    var session = SessionId.random(new SecureRandom());
    return switch (roles.open(ACME, level, Tables.ALL, until, session)) {
      case SessionRoles.OpenResult.RoleReady(SessionRole role) -> role;
      case SessionRoles.OpenResult.NotOpened failed -> throw new AssertionError(failed.why());
    };
  }

  private static Connection direct(SessionRole role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/helpdesk?sslmode=require".formatted(HELPDESK.port()),
        role.name(),
        SERVER.passwordFor(role.name()));
  }

  private static Connection through(Level level) throws SQLException {
    return FIXTURE.connect(FIXTURE.approved(level, Duration.ofMinutes(30), Limits.WIDEST));
  }
}
