package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.wire.WireViolation;

/// What ReadyForQuery may say behind each order of tags and errors.
class TransactionTest {
  /// What leads a new session into the status.
  private static List<String> to(char status) {
    return switch (status) {
      case 'T' -> List.of("BEGIN");
      case 'E' -> List.of("BEGIN", "error");
      default -> List.of();
    };
  }

  /// The statuses that are no violation behind these answers, beginning with a session in the
  /// status `from`.
  private static String after(char from, String... answers) {
    var allowed = new StringBuilder();
    for (char now : new char[] {'I', 'T', 'E', 'X'}) {
      var transaction = new Transaction();
      to(from).forEach(answer -> take(transaction, answer));
      transaction.ready((byte) from);
      for (String answer : answers) {
        take(transaction, answer);
      }
      try {
        assertThat(transaction.ready((byte) now)).isEqualTo(now == 'I');
        allowed.append(now);
      } catch (WireViolation e) {
        // not allowed
      }
    }
    return allowed.toString();
  }

  private static void take(Transaction transaction, String answer) {
    if (answer.equals("error")) {
      transaction.failed();
    } else {
      transaction.completed(answer);
    }
  }

  @Test
  void nothingBeginsByItself() {
    assertThat(after('I')).isEqualTo("I");
    assertThat(after('I', "SELECT 1")).isEqualTo("I");
    assertThat(after('I', "COMMIT")).isEqualTo("I");
    assertThat(after('I', "error")).isEqualTo("I");
    assertThat(after('I', "BEGIN")).isEqualTo("T");
    assertThat(after('I', "START TRANSACTION")).isEqualTo("T");
    assertThat(after('I', "COMMIT", "BEGIN")).isEqualTo("T");
  }

  /// COMMIT AND CHAIN leaves it open.
  @Test
  void whatIsOpenEndsByACommandOrAnError() {
    assertThat(after('T')).isEqualTo("T");
    assertThat(after('T', "BEGIN")).isEqualTo("T");
    assertThat(after('T', "COMMIT")).isEqualTo("IT");
    assertThat(after('T', "PREPARE TRANSACTION")).isEqualTo("IT");
    assertThat(after('T', "error")).isEqualTo("ITE");
    assertThat(after('I', "BEGIN", "ROLLBACK")).isEqualTo("IT");
    assertThat(after('I', "BEGIN", "ROLLBACK", "error")).isEqualTo("ITE");
    assertThat(after('I', "BEGIN", "error")).isEqualTo("ITE");
  }

  /// ROLLBACK TO has the same tag, and may fail at what comes behind it.
  @Test
  void whatHasFailedEndsByACommandAlone() {
    assertThat(after('E')).isEqualTo("E");
    assertThat(after('E', "error")).isEqualTo("E");
    assertThat(after('E', "ROLLBACK")).isEqualTo("ITE");
  }
}
