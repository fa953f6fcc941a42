package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The two PostgreSQL servers of a running demo.
///
/// @param database the protected one
/// @param log the one with the tenants' logs
public record Servers(ProcessHandle database, ProcessHandle log) {
  public static Servers of(Path state) {
    return new Servers(postgres(state, "helpdesk"), postgres(state, "control"));
  }

  private static ProcessHandle postgres(Path state, String name) {
    Path file = state.resolve("data").resolve(name).resolve("pgdata/postmaster.pid");
    try {
      long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new IllegalStateException("no demo runs with this state"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
