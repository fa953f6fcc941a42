package org.openlockbox.server.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.server.CutLine;
import org.openlockbox.server.Pause;
import org.openlockbox.server.SharedMemories;
import org.openlockbox.server.TestCluster;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.memory.SharedMemory.ContradictedHead;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// What every memory that servers share does, over a real PostgreSQL and a real S3 store.
final class SharedMemoryTest {
  private static final String ACME = "log.example/t/acme";
  private static final String GLOBEX = "log.example/t/globex";
  private static final AtomicInteger MADE = new AtomicInteger();
  private static final Duration LONG_AGO = Duration.ofMinutes(20);

  @TempDir private static Path directory;
  private static TestCluster cluster;
  private static S3Store store;

  enum Kind {
    TABLE("COMMIT"),
    BUCKET("PUT /");

    private final String writes;

    Kind(String writes) {
      this.writes = writes;
    }

    private int port() {
      return this == TABLE ? cluster.port() : store.port();
    }

    /// The same new memory, reached directly and over a line.
    private SigningMemory.SharedPlace at(int through, int n) {
      return this == TABLE
          ? new SigningMemory.Table(
              cluster.url("memory" + n).replaceFirst(":[0-9]+/", ":" + through + "/")
                  + "&prepareThreshold=0",
              "postgres",
              () -> "postgres")
          : store.bucket(through, "lockbox" + n + "/");
    }
  }

  @BeforeAll
  static void start() {
    cluster = TestCluster.another();
    store = new S3Store(directory, Duration.ofMinutes(15));
  }

  @AfterAll
  static void stop() {
    store.close();
    cluster.close();
  }

  private record Reached(CutLine line, SharedMemory cut, SharedMemory direct)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      cut.close();
      direct.close();
      line.close();
    }
  }

  private static Reached reached(Kind kind) throws Exception {
    int n = MADE.incrementAndGet();
    if (kind == Kind.TABLE) {
      cluster.execute("create database memory" + n);
    }
    var line = new CutLine(kind.port(), kind.writes);
    return new Reached(line, open(kind.at(line.port(), n)), open(kind.at(kind.port(), n)));
  }

  private static SharedMemory open(SigningMemory.SharedPlace place) {
    var memory = SharedMemories.open(place, InstantSource.system());
    memory.prepare(controlPlane(TestCluster.shared()));
    return memory;
  }

  private static JdbcClient controlPlane(TestCluster cluster) {
    return JdbcClient.create(new DriverManagerDataSource(cluster.url("postgres")));
  }

  private static TreeHead head(long size, int root) {
    return new TreeHead(size, Hash.sha256(new byte[] {(byte) root}));
  }

  @ParameterizedTest
  @EnumSource
  void whatOneServerRemembersAnotherKnowsAndItNeverShrinks(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      assertThat(here.cut.advance(Map.of(ACME, head(5, 1), GLOBEX, head(3, 2))))
          .isEqualTo(Map.of(ACME, head(5, 1), GLOBEX, head(3, 2)));
      assertThat(here.direct.heads()).hasSize(2).containsEntry(ACME, head(5, 1));
      assertThat(here.direct.advance(Map.of(ACME, head(4, 9), GLOBEX, head(4, 3))))
          .isEqualTo(Map.of(ACME, head(5, 1), GLOBEX, head(4, 3)));
      assertThat(here.cut.heads(Set.of(GLOBEX))).isEqualTo(Map.of(GLOBEX, head(4, 3)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherRootOfOneSizeIsRefusedAndNothingOfTheStepIsKept(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      here.direct.advance(Map.of(ACME, head(5, 1)));
      assertThatThrownBy(() -> here.cut.advance(Map.of(ACME, head(5, 2), GLOBEX, head(3, 3))))
          .isInstanceOf(ContradictedHead.class)
          .hasMessageContaining("another root of " + ACME);
      assertThat(here.direct.heads()).isEqualTo(Map.of(ACME, head(5, 1)));
      SignedHeads heads = SharedHeads.of(here.cut);
      assertThatThrownBy(() -> heads.advance(Map.of(ACME, head(5, 2))))
          .isInstanceOf(IllegalStateException.class);
      assertThat(heads.last(ACME)).contains(head(5, 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRecoveryCountsForAllAndTheSecondOneChangesNothing(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      var one = SharedHeads.of(here.cut);
      one.advance(Map.of(ACME, head(9, 1)));
      var other = SharedHeads.of(here.direct);
      one.recover(ACME, head(9, 1), head(7, 2));
      one.advance(Map.of(ACME, head(8, 3)));
      other.recover(ACME, head(9, 1), head(6, 4));
      assertThat(other.last(ACME)).contains(head(8, 3));
      assertThat(here.direct.heads()).isEqualTo(Map.of(ACME, head(8, 3)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatDidNotArriveIsToldAndDoneAgain(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      here.cut.advance(Map.of(ACME, head(5, 1)));
      here.line.loseNextCall();
      assertThatThrownBy(() -> here.cut.advance(Map.of(ACME, head(6, 2))))
          .isInstanceOf(HeadsNotWritable.class);
      assertThat(here.line.lost()).isTrue();
      assertThat(here.direct.heads()).isEqualTo(Map.of(ACME, head(5, 1)));
      assertThat(here.cut.advance(Map.of(ACME, head(6, 2)))).containsEntry(ACME, head(6, 2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepWhoseAnswerWasLostIsToldAndDoneAgainToTheSameEnd(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      here.cut.advance(Map.of(ACME, head(5, 1)));
      here.line.loseNextAnswer();
      assertThatThrownBy(() -> here.cut.advance(Map.of(ACME, head(6, 2))))
          .isInstanceOf(HeadsNotWritable.class);
      assertThat(here.line.lost()).isTrue();
      Pause.until("the step to be there", () -> head(6, 2).equals(here.direct.heads().get(ACME)));
      here.direct.advance(Map.of(GLOBEX, head(1, 7)));
      assertThat(here.cut.advance(Map.of(ACME, head(6, 2)))).containsEntry(ACME, head(6, 2));
      assertThat(here.cut.heads()).isEqualTo(Map.of(ACME, head(6, 2), GLOBEX, head(1, 7)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryThatSaysNothingIsGivenUpWithinSeconds(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      here.cut.advance(Map.of(ACME, head(5, 1)));
      here.line.hang();
      long began = System.nanoTime();
      assertThatThrownBy(() -> here.cut.heads(Set.of(ACME))).isInstanceOf(HeadsNotWritable.class);
      assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(10_000);
      here.line.up();
      Pause.until("an answer again", () -> answers(() -> here.cut.heads(Set.of(ACME))));
    }
  }

  private static boolean answers(Callable<?> call) {
    try {
      call.call();
      return true;
    } catch (HeadsNotWritable e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheAuthoritySignedIsKeptOnceAndInOrder(Kind kind) throws Exception {
    try (var here = reached(kind)) {
      assertThat(here.cut.statements()).isEmpty();
      here.cut.keep(List.of());
      assertThat(here.direct.statements()).contains(List.of());
      here.direct.keep(List.of("{\"a\":1}", "{\"b\":2}"));
      here.line.loseNextAnswer();
      assertThatThrownBy(() -> here.cut.keep(List.of("{\"b\":2}", "{\"c\":3}")))
          .isInstanceOf(HeadsNotWritable.class);
      here.cut.keep(List.of("{\"b\":2}", "{\"c\":3}"));
      assertThat(here.direct.statements()).contains(List.of("{\"a\":1}", "{\"b\":2}", "{\"c\":3}"));
    }
  }

  @Test
  void aTableInThePostgreSqlOfTheControlPlaneIsRefused() {
    cluster.execute("create database own");
    var place = new SigningMemory.Table(cluster.url("own"), "postgres", () -> "postgres");
    try (var memory = SharedMemories.open(place, InstantSource.system())) {
      assertThatThrownBy(() -> memory.prepare(controlPlane(cluster)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is the control plane's own PostgreSQL");
    }
  }

  @Test
  void aStoreThatRefusesTheKeyIsNamedWithoutTheSecret() {
    var place = store.bucket(store.port(), "", "not-the-secret");
    assertThatThrownBy(() -> SharedMemories.open(place, InstantSource.system()))
        .isInstanceOf(HeadsNotWritable.class)
        .hasMessageContaining(
            "/memory/ does not remember it: the store answers 403 SignatureDoesNotMatch")
        .hasMessageNotContaining("not-the-secret");
    assertThat(place.toString()).doesNotContain("not-the-secret");
  }

  /// Steps are numbered; every fourth of these tests makes a state of them.
  @Test
  void aBucketBeginsWithItsNewestStateAndGoesOn() {
    var place = store.bucket(store.port(), "states/");
    try (var memory = MemoryBucket.open(place, InstantSource.system(), 4)) {
      for (int i = 1; i <= 10; i++) {
        memory.advance(Map.of(ACME, head(i, i), "log.example/t/t" + i, head(1, 1)));
      }
      var states = directory.resolve("objects/memory/states/state").toFile();
      Pause.until("two states", () -> states.list() != null && states.list().length == 2);
    }
    deleteSteps(directory.resolve("objects/memory/states/step"), 8);
    try (var memory = MemoryBucket.open(place, InstantSource.system(), 4)) {
      assertThat(memory.heads()).hasSize(11).containsEntry(ACME, head(10, 10));
      memory.advance(Map.of(ACME, head(11, 11)));
      assertThat(memory.heads()).containsEntry(ACME, head(11, 11));
    }
  }

  /// Between the moment when a step is due and the call that writes it, a server may stand still so
  /// long that others have written that step and deleted it.
  @Test
  void aServerThatStoodStillWritesNoStepThatWasDeletedMeanwhile() {
    var place = store.bucket(store.port(), "stood/");
    var behind = new AtomicInteger();
    InstantSource clock =
        () -> Instant.now().minus(behind.getAndDecrement() > 0 ? LONG_AGO : Duration.ZERO);
    try (var stood = MemoryBucket.open(place, clock, 4);
        var other = MemoryBucket.open(place, InstantSource.system(), 4)) {
      stood.advance(Map.of(ACME, head(1, 1)));
      for (int i = 2; i <= 8; i++) {
        other.advance(Map.of(ACME, head(i, i)));
      }
      deleteSteps(directory.resolve("objects/memory/stood/step"), 4);
      behind.set(3); // the times at which it looks whether it is fresh, begins, and decides
      assertThatThrownBy(() -> stood.advance(Map.of(ACME, head(2, 9))))
          .isInstanceOf(HeadsNotWritable.class)
          .hasMessageContaining("RequestTimeTooSkewed");
      assertThat(other.heads()).isEqualTo(Map.of(ACME, head(8, 8)));
    }
  }

  /// As the memory does with old ones.
  private static void deleteSteps(Path steps, int upTo) {
    for (int i = 1; i <= upTo; i++) {
      assertThat(steps.resolve("%019d".formatted(i)).toFile().delete()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void serversThatWriteAtTheSameTimeLoseNothing(Kind kind) throws Exception {
    try (var here = reached(kind);
        var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      var memories = List.of(here.cut, here.direct);
      var all = new HashMap<String, TreeHead>();
      var steps = new ArrayList<Future<?>>();
      for (int i = 0; i < 24; i++) {
        var memory = memories.get(i % 2);
        var signed = Map.of("log.example/t/t" + i, head(i + 1, i));
        all.putAll(signed);
        steps.add(crew.submit(() -> memory.advance(signed)));
      }
      for (var step : steps) {
        step.get();
      }
      assertThat(here.cut.heads()).isEqualTo(all);
      assertThat(here.direct.heads()).isEqualTo(all);
    }
  }
}
