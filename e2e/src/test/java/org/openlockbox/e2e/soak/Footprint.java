package org.openlockbox.e2e.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Demo;

/// What the node and its databases hold while nobody uses them.
record Footprint(
    long heapKilobytes,
    long files,
    long threads,
    long sessionRoles,
    long protectedBackends,
    long controlBackends) {
  /// A line of a class histogram: instances, bytes, name.
  private static final Pattern CLASS = Pattern.compile("\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)");

  /// What the collector puts into gaps that it leaves as they are.
  private static final String FILLER = "jdk.internal.vm.Filler";

  private static final String BACKENDS =
      "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";

  /// After a full collection, so that only what is still reachable counts.
  static Footprint of(Demo demo) throws IOException, InterruptedException, SQLException {
    long pid = demo.program().pid();
    long heap = reachable(jcmd(pid, "GC.class_histogram"));
    assertThat(heap).as("the heap of the node").isPositive();
    try (var control = demo.control();
        var helpdesk = demo.helpdesk()) {
      return new Footprint(
          heap,
          entries(Path.of("/proc/" + pid + "/fd")),
          entries(Path.of("/proc/" + pid + "/task")),
          count(helpdesk, "select count(*) from pg_roles where rolname like 'lb\\_s\\_%'"),
          count(helpdesk, BACKENDS),
          count(control, BACKENDS));
    }
  }

  private static long reachable(String histogram) {
    return CLASS
            .matcher(histogram)
            .results()
            .filter(found -> !found.group(2).contains(FILLER))
            .mapToLong(found -> Long.parseLong(found.group(1)))
            .sum()
        / 1024;
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static long count(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    var program = Path.of(System.getProperty("java.home", ""), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /// Room for what a warm program may still load: classes, caches that have bounds, pooled
  /// connections. Of a leak of one a session nothing would be left of it.
  void holdsNoMoreThan(Footprint before) {
    assertThat(sessionRoles).as("session roles").isZero();
    assertThat(protectedBackends)
        .as("backends of the protected database")
        .isLessThanOrEqualTo(before.protectedBackends + 4);
    assertThat(controlBackends)
        .as("backends of the control plane")
        .isLessThanOrEqualTo(before.controlBackends + 20);
    assertThat(files).as("open files").isLessThanOrEqualTo(before.files + 30);
    assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads + 20);
    assertThat(heapKilobytes)
        .as("reachable heap, kB")
        .isLessThanOrEqualTo(before.heapKilobytes + before.heapKilobytes / 10 + 4 * 1024);
  }

  String row(String when) {
    return "| %s | %d | %d | %d | %d | %d | %d |"
        .formatted(
            when, heapKilobytes, files, threads, sessionRoles, protectedBackends, controlBackends);
  }
}
