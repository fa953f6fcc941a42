package org.openlockbox.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openlockbox.net.Buffers;
import org.openlockbox.postgres.wire.ClientMessages;
import org.openlockbox.postgres.wire.CommandTag;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.ParameterChange;
import org.openlockbox.postgres.wire.StartupReader;
import org.openlockbox.postgres.wire.WireViolation;

/// Broken bytes from either side: a decoder says [WireViolation] (or [ConnectionRefusal]) and
/// nothing else, what it lets through is exactly what came in, and what it holds is bounded by what
/// has arrived. Each round has its own seed, which a failure names; `-Dlockbox.long=true` runs many
/// more rounds.
class DecoderFuzzTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final int ROUNDS = LONG ? 1_500_000 : 15_000;
  private static final long SEED = 20_260_801L;
  private static final String CLIENT_TYPES = "QPBDECSHdcf";
  private static final int LARGEST_WHOLE = 1024 * 1024;
  private static final int STREAM_FROM = 16 * 1024;

  /// One run over one stream; answers whether it was refused.
  private interface Run {
    boolean over(Mangler mangler, boolean broken) throws IOException;
  }

  private static void campaign(String name, Run run) throws IOException {
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      boolean broken = round % 8 != 0;
      try {
        refused += run.over(new Mangler(new Random(seed)), broken) ? 1 : 0;
      } catch (WireViolation | ConnectionRefusal expected) {
        assertThat(broken).as("%s, seed %d: %s", name, seed, expected).isTrue();
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("%s, seed %d".formatted(name, seed), e);
      }
    }
    report("| %s | %,d | %,d | 0 |".formatted(name, ROUNDS, refused));
  }

  private static synchronized void report(String line) throws IOException {
    if (!LONG) {
      return;
    }
    Path file = Files.createDirectories(Path.of("target/results")).resolve("fuzz.md");
    if (!Files.exists(file)) {
      Files.writeString(
          file,
          "## Broken byte streams, first seed %d\n\n".formatted(SEED)
              + "| decoder | streams | refused | failed otherwise |\n|---|---|---|---|\n");
    }
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
  }

  @Test
  void aClientsBytesAreDecodedOrRefused() throws IOException {
    campaign(
        "client messages",
        (mangler, broken) -> {
          byte[] whole = mangler.stream(CLIENT_TYPES);
          byte[] bytes = broken ? mangler.broken(whole) : whole;
          byte[] out = throughClientDecoder(mangler, bytes);
          assertPassedUnchanged(bytes, out, broken);
          return false;
        });
  }

  static byte[] throughClientDecoder(Mangler mangler, byte[] bytes) throws IOException {
    InputStream in = mangler.inPieces(bytes);
    var out = new ByteArrayOutputStream();
    var buffer = new MessageBuffer(new Buffers());
    while (buffer.fill(in::read)) {
      while (buffer.nextHead() && buffer.nextWhole(ClientMessages.limit(buffer.type()))) {
        assertThat(ClientMessages.parse(buffer)).isNotNull();
      }
      buffer.writeBefore(out::write);
      assertBounded(buffer, bytes);
    }
    return out.toByteArray();
  }

  @Test
  void aDatabasesBytesAreDecodedOrRefused() throws IOException {
    campaign(
        "server messages",
        (mangler, broken) -> {
          byte[] whole = mangler.answers();
          byte[] bytes = broken ? mangler.broken(whole) : whole;
          byte[] out = throughServerDecoder(mangler, bytes);
          assertPassedUnchanged(bytes, out, broken);
          return false;
        });
  }

  /// The steps of the session's server pump, rows larger than the buffer in pieces.
  static byte[] throughServerDecoder(Mangler mangler, byte[] bytes) throws IOException {
    InputStream in = mangler.inPieces(bytes);
    var out = new ByteArrayOutputStream();
    var buffer = new MessageBuffer(new Buffers());
    int passing = 0;
    while (buffer.fill(in::read)) {
      passing -= passing > 0 ? buffer.pass(passing) : 0;
      while (passing == 0 && buffer.nextHead()) {
        boolean row = buffer.type() == 'D' || buffer.type() == 'd';
        if (buffer.nextWhole(row ? Integer.MAX_VALUE - 1 : LARGEST_WHOLE)) {
          lookInto(buffer);
        } else if (row && buffer.length() > STREAM_FROM) {
          passing = buffer.enterPartial();
          assertThat(passing).isPositive();
        } else {
          break;
        }
      }
      if (passing > 0) {
        buffer.writeThrough(out::write);
      } else {
        buffer.writeBefore(out::write);
      }
      assertBounded(buffer, bytes);
    }
    return out.toByteArray();
  }

  private static void lookInto(MessageBuffer buffer) {
    byte[] body = buffer.copyBody();
    switch (buffer.type()) {
      case 'C' -> assertThat(CommandTag.parse(body)).hasSizeLessThanOrEqualTo(64);
      case 'E', 'N' -> {
        ErrorFields fields = ErrorFields.parse(body);
        assertThat(fields.sqlState()).hasSize(5);
        assertThat(fields.withheld((char) buffer.type(), "masked")).isNotEmpty();
      }
      case 'S' -> assertThat(ParameterChange.parse(body).name()).doesNotContain("\0");
      default -> {}
    }
  }

  @Test
  void aStartUpPacketIsReadOrRefused() throws IOException {
    Map<Class<?>, Integer> refusals = new HashMap<>();
    campaign(
        "start-up packets",
        (mangler, broken) -> {
          byte[] whole = mangler.startup();
          byte[] bytes = broken ? mangler.broken(whole) : whole;
          try {
            InputStream rest = new ByteArrayInputStream(bytes, 4, bytes.length - 4);
            assertThat(StartupReader.read(rest, Arrays.copyOf(bytes, 4))).isNotNull();
          } catch (EOFException | WireViolation | ConnectionRefusal expected) {
            refusals.merge(expected.getClass(), 1, Integer::sum);
            return true;
          }
          return false;
        });
    assertThat(refusals)
        .containsOnlyKeys(EOFException.class, WireViolation.class, ConnectionRefusal.class);
  }

  static void assertPassedUnchanged(byte[] in, byte[] out, boolean broken) {
    assertThat(out.length).isLessThanOrEqualTo(in.length);
    assertThat(Arrays.equals(in, 0, out.length, out, 0, out.length)).isTrue();
    if (!broken) {
      assertThat(out).hasSameSizeAs(in);
    }
  }

  private static void assertBounded(MessageBuffer buffer, byte[] arrived) {
    assertThat(buffer.capacity()).isLessThanOrEqualTo(Math.max(64 * 1024, 8 * arrived.length));
  }
}
