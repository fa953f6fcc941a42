package org.openlockbox.server;

import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.server.backup.BackupHead;
import org.openlockbox.server.backup.DatabaseSnapshot;
import org.openlockbox.server.backup.StoredLogCheck;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.epoch.EpochRecovery;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.log.EndCounter;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.checkpoint.CheckpointSigner;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.checkpoint.Recoveries;
import org.openlockbox.server.log.entry.LogKeyFiles;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.head.SigningState;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.MailReaders;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.notify.mail.LogNotices;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.openlockbox.server.tenant.GatewayStatements;
import org.openlockbox.server.tenant.LogKeyRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What an operator does on the server's own host with its configuration. Answers nobody and does
/// nothing by itself, so a server may run beside it.
public final class Maintenance implements AutoCloseable {
  private final ServerConfig config;
  private final HikariDataSource pool;
  private final Database database;
  private final JdbcClient jdbc;

  private Maintenance(ServerConfig config, HikariDataSource pool) {
    this.config = config;
    this.pool = pool;
    this.database = Database.over(pool);
    this.jdbc = database.statements();
  }

  public static Maintenance open(ServerConfig config) {
    return new Maintenance(config, Pools.forMaintenance(config.database()));
  }

  /// Over tables that stay of the version that they are.
  public static Maintenance openAsIs(ServerConfig config) {
    return new Maintenance(config, Pools.asIs(config.database()));
  }

  /// Issues and revokes bearer tokens: how the first operator of an installation gets in.
  public Tokens tokens() {
    return new Tokens(jdbc, PromptPool.over(database), config.clock(), new SecureRandom());
  }

  /// The people who use the portal: how the first ones get in.
  public People people() {
    return new People(jdbc, config.clock());
  }

  /// What the provider holds of its own people.
  public ProviderDirectory directory() {
    return new ProviderDirectory(jdbc, config.clock());
  }

  /// Makes a new wrapping key and wraps every tenant's data key with it. Killed in the middle, it
  /// or the next start of a server goes on. The old wrapping key stays in the file, for backups.
  ///
  /// @return how many data keys were wrapped anew
  public int rewrap() {
    var random = new SecureRandom();
    var before = WrappingKeyFile.open(config.database().wrappingKey(), random);
    StoreWiring.dataKeys(config, jdbc, before, random);
    var wrapping = before.withNewKey();
    var outbox = new Outbox(jdbc, config.clock(), config.log().host());
    var webhooks = NotificationWiring.webhooks(config, jdbc, outbox, wrapping, random);
    NotificationWiring.browsers(config, jdbc, outbox, wrapping, webhooks.destinations(), random);
    return new TenantKeys(jdbc, wrapping, config.clock(), random).adopt();
  }

  /// Lets a server begin that remembers nothing of what was signed: a new one, or one whose memory
  /// is lost. From then on it holds the database to what it is now.
  ///
  /// @return how many tenants' logs it remembers
  public int remember() {
    try (var memory = memory()) {
      var trust =
          GatewayTrust.of(
              new LogHost(config.log().host()), config.access().provider().gatewayAuthority());
      memory.begunStatements().keep(new GatewayStatements(jdbc, trust).all().both());
      return new HeadGuard(memory.heads()).remember(jdbc);
    }
  }

  /// Does this work with the database as it is at one moment.
  public <T> T snapshot(Function<DatabaseSnapshot, T> work) {
    return DatabaseSnapshot.with(database, work);
  }

  /// Checks all of a log that should be in this state.
  public StoredLogCheck.LogFindings look(BackupHead log) {
    return new StoredLogCheck(new LogReader(jdbc), new CelConditions()).look(log);
  }

  /// Throws [IllegalStateException], in words for the operator, if the wrapping keys of this host
  /// do not open what the database holds.
  public void requireWrappingKey() {
    if (WrappingKeyFile.isNeeded(jdbc)) {
      var random = new SecureRandom();
      var wrapping = WrappingKeyFile.open(config.database().wrappingKey(), random);
      StoreWiring.dataKeys(config, jdbc, wrapping, random);
    }
  }

  /// Lets a log go on that does not continue what was signed of it, after an entry that says what
  /// was lost: the largest head that this host remembers, or that a server has put on record as
  /// missing. Servers may run: each accepts the recovery by itself if it gives up what it
  /// remembers, also this host's own. Killed in the middle it is done again, with two such entries.
  ///
  /// @return what the entry says
  public RecoveryEvent recover(LogOrigin origin, String reason) {
    try (var memory = memory()) {
      var here = memory.heads();
      var signed = here.last(origin.value());
      var lost = lost(origin, signed);
      var recovery = recover(origin, lost, reason);
      signed.filter(lost::contains).ifPresent(it -> here.recover(origin.value(), it, head(origin)));
      return recovery;
    } catch (SignedHeadsFile.HeadsInUse running) {
      return recover(origin, lost(origin, Optional.empty()), reason);
    }
  }

  /// The heads that were signed, are not in the log, and have not been given up yet.
  private Set<SignedHeads.TreeHead> lost(LogOrigin origin, Optional<SignedHeads.TreeHead> here) {
    var recoveries = recoveries();
    var reader = new LogReader(jdbc);
    var lost = new HashSet<>(recoveries.missing(origin.value()));
    here.ifPresent(lost::add);
    lost.removeIf(head -> reader.contains(origin.tenant(), head));
    lost.removeIf(head -> recoveries.goesOn(origin, head).isPresent());
    return lost;
  }

  private RecoveryEvent recover(LogOrigin origin, Set<SignedHeads.TreeHead> lost, String reason) {
    var largest =
        lost.stream()
            .max(Comparator.comparingLong(SignedHeads.TreeHead::size))
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "nothing that was signed is missing in %s, as far as this host and running"
                                .formatted(origin)
                            + " servers know. A server takes some seconds to put on record what it"
                            + " misses"));
    var recovery = new RecoveryEvent.EntriesLost(largest.size(), largest.root(), reason);
    var logs = logs(new UnrememberedHeads());
    transaction()
        .executeWithoutResult(
            _ -> {
              var batch = logs.lock(origin.tenant());
              batch.append(origin.tenant(), recovery);
              notices().recovered(origin.tenant(), recovery);
              logs.writeSigned(batch);
              recoveries().recovered(origin.value(), new Recoveries.Recovery(head(origin), lost));
            });
    return recovery;
  }

  private OpenMemory memory() {
    return OpenMemory.at(config.log().signedHeads(), jdbc, config.clock());
  }

  private Recoveries recoveries() {
    return new Recoveries(jdbc, LogKeys.read(config.log().key()));
  }

  /// Lets the epoch log go on under its next name, after an entry in each tenant's log. The server
  /// must not run.
  public RecoveryEvent recoverEpochs(String reason) {
    try (var memory = memory();
        var witnesses = new Witnesses(config.log().witnesses())) {
      var keys = LogKeys.read(config.log().key());
      return new EpochRecovery(
              jdbc,
              transaction(),
              logs(memory.heads()),
              keys,
              memory.heads(),
              witnesses,
              notices(),
              config.clock(),
              new SecureRandom())
          .goOn(config.log().host(), reason);
    }
  }

  /// The files of the log keys, which the operator replaces.
  public LogKeyFiles logKeyFiles() {
    return new LogKeyFiles(config.log().key());
  }

  /// Makes the next log keys, unless there are some.
  ///
  /// @return whether they were made
  public boolean prepareLogKeys() {
    return logKeyFiles().prepare(new SecureRandom());
  }

  /// How many logs name another pair of keys than the newest one of this server.
  public long logsToRotate() {
    return new LogKeyRows(jdbc).countOthers(LogKeys.read(config.log().key()).verifier("x"));
  }

  /// The keys of the epoch log, the oldest pair first: what its witnesses have to know.
  public List<String> epochKeys() {
    return LogKeys.read(config.log().key()).verifiers(epochs().origin()).stream()
        .flatMap(pair -> pair.vkeys().stream())
        .toList();
  }

  /// The name of the epoch log as it goes on now.
  public EpochLog epochs() {
    return new LogReader(jdbc).epochs(config.log().host());
  }

  private LogNotices notices() {
    var random = new SecureRandom();
    var wrapping = WrappingKeyFile.open(config.database().wrappingKey(), random);
    var outbox = new Outbox(jdbc, config.clock(), config.log().host());
    var webhooks = NotificationWiring.webhooks(config, jdbc, outbox, wrapping, random);
    var browsers =
        NotificationWiring.browsers(
            config, jdbc, outbox, wrapping, webhooks.destinations(), random);
    var notices =
        new Notices(
            new Contacts(jdbc),
            webhooks,
            browsers,
            outbox,
            config.clock(),
            new MailReaders(jdbc, (_, _) -> true, config.web().program()),
            new MailNames(jdbc, config.access().provider()));
    return new LogNotices(notices, config.web().publicUrl());
  }

  private TransactionTemplate transaction() {
    return database.transactions();
  }

  private TenantLogs logs(SignedHeads heads) {
    var keys = LogKeys.read(config.log().key());
    var random = new SecureRandom();
    var wrapping = WrappingKeyFile.open(config.database().wrappingKey(), random);
    var signing = new SigningState(heads, config.clock());
    var guard = new HeadGuard(signing);
    return new TenantLogs(
        jdbc,
        jdbc,
        guard,
        new LogTexts(jdbc, StoreWiring.dataKeys(config, jdbc, wrapping, random)),
        config.clock(),
        new CheckpointSigner(database, keys, guard, signing),
        new EndCounter(config.clock()));
  }

  private SignedHeads.TreeHead head(LogOrigin origin) {
    var reader = new LogReader(jdbc);
    long size = reader.size(origin.tenant());
    return new SignedHeads.TreeHead(size, reader.tree(origin.tenant(), size).root());
  }

  /// For the one signature that is made although another history was signed before.
  private static final class UnrememberedHeads implements SignedHeads {
    @Override
    public Optional<TreeHead> last(String origin) {
      return Optional.empty();
    }

    @Override
    public Set<String> origins() {
      return Set.of();
    }

    @Override
    public void makeRoom() {
      // nothing is kept
    }

    @Override
    public void advance(Map<String, TreeHead> signed) {
      Objects.requireNonNull(signed);
    }

    @Override
    public void recover(String origin, TreeHead from, TreeHead to) {
      throw new IllegalStateException("nothing is remembered");
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
