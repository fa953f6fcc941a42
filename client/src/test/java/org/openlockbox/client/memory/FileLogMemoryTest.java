package org.openlockbox.client.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.LogMemory.RememberedLog;
import org.openlockbox.gateway.resource.LogMemory.StoredAlarm;
import org.openlockbox.tlog.tree.Hash;

/// What was seen of a log is on the disk before anything rests on it, and is not forgotten by
/// accident.
class FileLogMemoryTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final RequestId REQUEST = new RequestId("R-0123456789");

  @TempDir private Path directory;

  private final SettableClock clock = new SettableClock();
  private FileLogMemory memory;

  @BeforeEach
  void open() throws IOException {
    memory = FileLogMemory.open(directory.resolve("memory"), clock);
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private void restart() throws IOException {
    memory.close();
    open();
  }

  private static LogHead head(long size, long recovery) {
    Hash any = Hash.sha256(new byte[] {(byte) size});
    return new LogHead(any, size, any, 3, any, recovery);
  }

  @Test
  void whatIsNotedOutlivesARestart() throws IOException {
    assertThat(memory.note(ACME, Optional.empty(), head(7, -1))).isTrue();
    assertThat(memory.note(GLOBEX, Optional.empty(), head(9, 4))).isTrue();
    memory.noteEnd(ACME, REQUEST, clock.instant().plus(Duration.ofHours(1)));
    memory.raise(ACME, REQUEST, "a\u202eproof");
    memory.raise(ACME, REQUEST, "a second one");
    restart();
    assertThat(memory.of(ACME, REQUEST))
        .isEqualTo(new RememberedLog(Optional.of(head(7, -1)), true, false));
    assertThat(memory.of(GLOBEX, new RequestId("R-9876543210")))
        .isEqualTo(new RememberedLog(Optional.of(head(9, 4)), false, false));
    assertThat(memory.alarms()).hasSize(1);
    assertThat(memory.alarms().getFirst().problem()).isEqualTo("a\ufffdproof");
    memory.delivered(memory.alarms().getFirst());
    restart();
    assertThat(memory.alarms()).isEmpty();
  }

  /// Who delivers it has raised it, at another moment and in other characters.
  @Test
  void anAlarmThatWasDeliveredIsForgottenAndTheNextOneKept() throws IOException {
    memory.raise(ACME, REQUEST, "a\u202eproof");
    clock.advance(Duration.ofSeconds(3));
    memory.delivered(new StoredAlarm(ACME, REQUEST, "a\u202eproof", clock.instant().plusNanos(1)));
    assertThat(memory.alarms()).isEmpty();
    memory.raise(ACME, new RequestId("R-9876543210"), "another one");
    restart();
    assertThat(memory.alarms()).extracting(StoredAlarm::problem).containsExactly("another one");
  }

  @Test
  void ofTwoWhoNoteAtOnceOneLooksAgain() {
    memory.note(ACME, Optional.empty(), head(7, -1));
    assertThat(memory.note(ACME, Optional.empty(), head(8, -1))).isFalse();
    assertThat(memory.note(ACME, Optional.of(head(7, -1)), head(8, -1))).isTrue();
    assertThat(memory.of(ACME, REQUEST).head()).contains(head(8, -1));
  }

  @Test
  void whatWasNotedLongAgoIsOld() {
    memory.note(ACME, Optional.empty(), head(7, -1));
    clock.advance(Duration.ofMinutes(6));
    assertThat(memory.of(ACME, REQUEST).isOld()).isTrue();
  }

  @Test
  void anEndIsKeptUntilItsGrantIsLongOver() {
    memory.noteEnd(ACME, REQUEST, clock.instant());
    clock.advance(Duration.ofDays(29));
    memory.noteEnd(ACME, new RequestId("R-9876543210"), clock.instant());
    assertThat(memory.of(ACME, REQUEST).hasEnded()).isTrue();
    clock.advance(Duration.ofDays(2));
    memory.noteEnd(ACME, new RequestId("R-8876543210"), clock.instant());
    assertThat(memory.of(ACME, REQUEST).hasEnded()).isFalse();
  }

  @Test
  void twoProcessesDoNotShareADirectory() {
    assertThatThrownBy(() -> FileLogMemory.open(directory.resolve("memory"), clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process has its memory");
  }

  @Test
  void whatWasClosedBelongsToAnother() throws IOException {
    FileLogMemory before = memory;
    restart();
    assertThatThrownBy(() -> before.note(ACME, Optional.empty(), head(7, -1)))
        .isInstanceOf(LogMemory.Unavailable.class);
  }

  @Test
  void aFileThatCannotBeUnderstoodIsNotForgotten() throws IOException {
    memory.close();
    Path file = directory.resolve("memory/logs.json");
    Files.writeString(file, "{\"v\":1");
    assertThatThrownBy(this::open).hasMessageContaining("cannot be understood");
    assertThat(file).hasContent("{\"v\":1");
    Files.delete(file);
    open();
    assertThat(memory.of(ACME, REQUEST).head()).isEmpty();
  }

  /// What a crash in the middle of a write leaves behind.
  @Test
  void aHalfWrittenSuccessorIsNothing() throws IOException {
    memory.note(ACME, Optional.empty(), head(7, -1));
    Files.writeString(directory.resolve("memory/logs.json.new"), "{\"al");
    restart();
    assertThat(memory.of(ACME, REQUEST).head()).contains(head(7, -1));
  }

  @Test
  void aDirectoryThatCannotBeWrittenLetsNobodyIn() throws IOException {
    memory.noteEnd(ACME, REQUEST, Instant.EPOCH.plus(Duration.ofDays(90_000)));
    Files.delete(directory.resolve("memory/logs.json"));
    Files.createDirectories(directory.resolve("memory/logs.json/in-the-way"));
    assertThatThrownBy(() -> memory.note(ACME, Optional.empty(), head(7, -1)))
        .isInstanceOf(LogMemory.Unavailable.class);
    assertThat(memory.of(ACME, REQUEST).head()).as("it did not happen").isEmpty();
  }
}
