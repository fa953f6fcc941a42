package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.database.StandbyProof.Instance;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Beats of a real PostgreSQL, for answers of this one and of others.
class StandbyProofTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instance ANOTHER = new Instance("2026-11-29 08:00:00+00 false");
  private static EmbeddedPostgres postgres;

  private final AtomicInteger evictions = new AtomicInteger();
  private StandbyProof proof;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void make() {
    proof = new StandbyProof(postgres.getPostgresDatabase(), evictions::incrementAndGet, PATIENCE);
  }

  private static Instance here() {
    return JdbcClient.create(postgres.getPostgresDatabase())
        .sql("select " + StandbyProof.INSTANCE)
        .query((row, n) -> new Instance(row.getString(1)))
        .single();
  }

  /// As after a failover: one connection leads to the old primary, another one to the new.
  @Test
  void aBeatProvesNothingOfWhatAnotherInstanceAnswered() {
    var question = proof.question();
    assertThat(proof.isConfirmed(question, ANOTHER)).isFalse();
    assertThat(evictions).hasValue(1);
    assertThat(proof.isConfirmed(question, here())).isTrue();
    assertThat(proof.isConfirmed(question, ANOTHER)).isFalse();
    assertThat(proof.isConfirmed(proof.question(), here())).isTrue();
  }

  private static int backend(JdbcClient jdbc) {
    return jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
  }

  /// What two connections say may be the word of two instances.
  @Test
  void allQuestionsOfOneWorkGoThroughOneConnection() {
    var database = Database.over(postgres.getPostgresDatabase());
    var jdbc = database.statements();
    assertThat(backend(jdbc)).isNotEqualTo(backend(jdbc));
    var asked =
        database.onOneConnection(() -> List.of(backend(jdbc), backend(jdbc), backend(jdbc)));
    assertThat(asked).containsOnly(asked.getFirst());
    assertThat(backend(jdbc)).isNotEqualTo(asked.getFirst());
  }

  @Test
  void allConnectionsAreReplacedWhereTwoInstancesAnswer() {
    try (var pool = new HikariDataSource()) {
      pool.setDataSource(postgres.getPostgresDatabase());
      pool.setMaximumPoolSize(1);
      var database = Database.over(pool);
      var jdbc = database.statements();
      int before = backend(jdbc);
      var proven = database.standbyProof(PATIENCE);
      assertThat(proven.isConfirmed(proven.question(), here())).isTrue();
      assertThat(backend(jdbc)).isEqualTo(before);
      assertThat(proven.isConfirmed(proven.question(), ANOTHER)).isFalse();
      assertThat(backend(jdbc)).isNotEqualTo(before);
    }
  }

  /// Nothing comes back on it. Whoever asks behind it does not wait until that is found out.
  @Test
  void aBeatWhoseConnectionHangsKeepsNobodyFromBeatingBesideIt() throws Exception {
    var hanging = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    var borrowed = new AtomicInteger();
    var connections =
        new DelegatingDataSource(postgres.getPostgresDatabase()) {
          @Override
          public Connection getConnection() throws SQLException {
            if (borrowed.getAndIncrement() == 0) {
              hanging.countDown();
              waitFor(over);
            }
            return super.getConnection();
          }
        };
    proof = new StandbyProof(connections, evictions::incrementAndGet, Duration.ofMillis(20));
    var first = CompletableFuture.supplyAsync(() -> proof.isConfirmed(proof.question(), here()));
    try {
      hanging.await();
      assertThat(proof.isConfirmed(proof.question(), here())).isTrue();
      assertThat(first).isNotDone();
    } finally {
      over.countDown();
    }
    assertThat(first.get(1, TimeUnit.MINUTES)).isTrue();
  }

  private static void waitFor(CountDownLatch over) throws SQLException {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException(e);
    }
  }
}
