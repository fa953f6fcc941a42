package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.database.StandbyProof.Instance;
import org.springframework.jdbc.core.simple.JdbcClient;

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
}
