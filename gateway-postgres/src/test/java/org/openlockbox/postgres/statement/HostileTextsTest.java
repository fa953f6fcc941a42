package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.statement.Grammar.ParseResult;

/// Texts that are made to break a parser. They reach the workers past the bounds that the reader
/// sets before.
class HostileTextsTest {
  private static final Bytes HARMLESS = Bytes.ofUtf8("select 1");

  private static String chain(String first, String more, int count) {
    return first + String.join("", Collections.nCopies(count, more));
  }

  @Test
  void aWorkerThatATextKillsIsReplacedAndOnlyThatStatementIsNotRead() {
    try (var workers = GrammarWorkers.start(2)) {
      var before = workers.pids();
      assertThat(workers.read(Bytes.ofUtf8(chain("select 1", "+1", 500_000))))
          .isInstanceOf(ParseResult.NotParsed.class);
      for (int i = 0; i < 4; i++) {
        assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
      }
      assertThat(workers.pids()).hasSize(2).isNotEqualTo(before);
    }
  }

  @Test
  void deepAndWideTextsEndInAnAnswerOrInAFreshWorker() {
    try (var workers = GrammarWorkers.start(1)) {
      for (var text :
          List.of(
              chain("select ", "(", 100_000),
              chain("select 1", " union select 1", 60_000),
              chain("select ", "array[", 9_000),
              "select 1 where 1 in (" + chain("1", ",1", 400_000) + ")",
              chain("", "select 1;", 100_000),
              chain("", ";", 1_000_000),
              chain("select ", "- ", 400_000) + "1",
              "select '" + "x".repeat(1_000_000) + "'",
              chain("select ", "case when a then ", 40_000))) {
        var _ = workers.read(Bytes.ofUtf8(text));
        assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
      }
    }
  }

  /// What several columns are set to stands in the tree once for each of them.
  @Test
  void aShortTextWithATreeWithoutEndIsGivenUpByTheWorkerItself() {
    String value = "1";
    for (int deep = 0; deep < 20; deep++) {
      value = "(with a as (update a set (a,a,a,a,a,a,a,a)=" + value + ") select)";
    }
    try (var workers = GrammarWorkers.start(1)) {
      var before = workers.pids();
      assertThat(workers.read(Bytes.ofUtf8("update a set (a,a)=" + value)))
          .isInstanceOf(ParseResult.NotParsed.class);
      assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
      assertThat(workers.pids()).isEqualTo(before);
    }
  }

  @Test
  void aTextThatTakesTooLongIsGivenUp() {
    try (var workers = GrammarWorkers.start(1, Duration.ofSeconds(2))) {
      assertThat(workers.read(Bytes.ofUtf8(chain("select ", "/*", 500_000))))
          .isInstanceOf(ParseResult.NotParsed.class);
      assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
    }
  }

  /// As when the gateway is killed while a worker reads: nobody is left who gives the text up.
  @Test
  void aWorkerThatNobodyWatchesEndsInTheMiddleOfAText() {
    try (var workers = GrammarWorkers.start(1, Duration.ofDays(1))) {
      assertThat(workers.read(Bytes.ofUtf8(chain("select ", "/*", 500_000))))
          .isInstanceOf(ParseResult.NotParsed.class);
      assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
    }
  }

  @Test
  void othersAreReadWhileOneIsStuck() throws Exception {
    try (var workers = GrammarWorkers.start(2, Duration.ofSeconds(3));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stuck = threads.submit(() -> workers.read(Bytes.ofUtf8(chain("select ", "/*", 500_000))));
      for (int i = 0; i < 100; i++) {
        assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.ParseTrees.class);
      }
      assertThat(stuck.get()).isInstanceOf(ParseResult.NotParsed.class);
    }
  }

  @Test
  void manyThreadsGetTheAnswersToTheirOwnQuestions() throws Exception {
    try (var workers = GrammarWorkers.start(2);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          IntStream.range(0, 2_000)
              .mapToObj(
                  n -> threads.submit(() -> workers.read(Bytes.ofUtf8("select a from table_" + n))))
              .toList();
      for (int n = 0; n < asked.size(); n++) {
        assertThat(asked.get(n).get()).isInstanceOf(ParseResult.ParseTrees.class);
        assertThat(asked.get(n).get().toString()).isNotEmpty();
        var trees = (ParseResult.ParseTrees) asked.get(n).get();
        assertThat(trees.json().utf8()).contains("\"table_" + n + "\"");
      }
    }
  }

  @Test
  void aWorkerHasNoEnvironmentNoFilesAndNoRights() throws IOException {
    try (var workers = GrammarWorkers.start(1)) {
      var _ = workers.read(HARMLESS);
      var process = Path.of("/proc", String.valueOf(workers.pids().getFirst()));
      var status = Files.readString(process.resolve("status"));
      assertThat(status).containsPattern("NoNewPrivs:\\s1").containsPattern("Seccomp:\\s2");
      var limits = Files.readString(process.resolve("limits"));
      assertThat(limits)
          .containsPattern("Max open files +3 ")
          .containsPattern("Max address space +268435456 ")
          .containsPattern("Max core file size +0 ")
          .containsPattern("Max file size +0 ");
    }
  }

  @Test
  void workersEndWithTheirGateway() {
    var workers = GrammarWorkers.start(2);
    var pids = workers.pids();
    assertThat(pids).hasSize(2);
    workers.close();
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(process -> process.onExit().join()));
    assertThat(workers.read(HARMLESS)).isInstanceOf(ParseResult.NotParsed.class);
  }
}
